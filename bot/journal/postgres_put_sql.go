package journal

// putLocks lets a lane have one owner, whoever puts into it at the same time. The locks are taken in order, so that two
// processes do not wait for each other. It is a statement of its own because the next has to see what the last holder
// of a lock has committed.
const putLocks = `SELECT pg_advisory_xact_lock_shared($1), (SELECT count(pg_advisory_xact_lock(l)) FROM unnest($2::bigint[]) l)`

// putStatement puts entries that share no name. It has a row for each: whether this process has its lease, the id and
// whether the entry is to be run by who puts it, and the same of an entry that was known, if its ticket is the same.
//
// An entry goes to whoever owns the lane, even if that one is dead: whoever adopts the lane gets all of it. It is taken
// only when everything before it in the lane was: then it may be run at once, and comes by the pickup otherwise.
const putStatement = `
WITH new AS MATERIALIZED (
	SELECT * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::bytea[], $9::bigint[], $13::text[], $14::bigint[], $15::bigint[])
		WITH ORDINALITY AS t(key, workspace, user_id, lane, received, body, ticket, names, lane_lock, named, i)
), named AS MATERIALIZED (
	SELECT * FROM unnest($10::bytea[], $11::bigint[]) AS t(name, i)
), known AS MATERIALIZED (
	SELECT DISTINCT ON (i) i, delivery FROM named JOIN (SELECT * FROM names WHERE name = ANY($10)) n USING (name)
	WHERE until > $2 ORDER BY i, delivery DESC
), alive AS MATERIALIZED (
	SELECT FROM owners WHERE id = $1 AND until > clock_timestamp()
), fresh AS MATERIALIZED (
	SELECT *, nextval(pg_get_serial_sequence('deliveries', 'id')) AS id
	FROM (SELECT * FROM new WHERE i NOT IN (SELECT i FROM known) AND EXISTS (SELECT FROM alive) ORDER BY i) ordered
), got AS (
	INSERT INTO names (name, delivery, until) SELECT name, id, $12 FROM named JOIN fresh USING (i) ORDER BY name
	ON CONFLICT (name) DO UPDATE SET delivery = excluded.delivery, until = excluded.until WHERE names.until <= $2
	RETURNING delivery
), whole AS (
	SELECT id FROM fresh JOIN (SELECT delivery AS id, count(*) AS got FROM got GROUP BY delivery) g USING (id) WHERE got = named
), holders AS MATERIALIZED (
	SELECT lane_lock, (array_agg(owner ORDER BY id DESC))[1] AS owner, bool_and(taken) AS taken
	FROM deliveries WHERE ended IS NULL AND lane_lock = ANY($14) GROUP BY lane_lock
), stored AS (
	INSERT INTO deliveries (id, key, names, workspace, user_id, lane, lane_lock, received, body, ticket, owner, taken, direct)
	SELECT id, key, names, workspace, user_id, lane, lane_lock, received, body, ticket, coalesce(h.owner, $1),
		coalesce(h.owner, $1) = $1 AND coalesce(h.taken, true), coalesce(h.owner, $1) = $1 AND coalesce(h.taken, true)
	FROM fresh JOIN whole USING (id) LEFT JOIN holders h USING (lane_lock) ORDER BY id
	RETURNING id, owner, taken
)
SELECT EXISTS (SELECT FROM alive), stored.id, stored.taken, d.id, d.ticket = new.ticket, d.direct AND d.owner = $1,
	CASE WHEN NOT stored.taken THEN pg_notify('incident_bot_' || stored.owner, '')::text END
FROM new LEFT JOIN fresh USING (i) LEFT JOIN stored ON stored.id = fresh.id
	LEFT JOIN known ON known.i = new.i LEFT JOIN deliveries d ON d.id = known.delivery
ORDER BY new.i`

// takeBackStatement undoes a put.
const takeBackStatement = `
WITH gone AS (
	DELETE FROM deliveries d USING names n
	WHERE n.name = $1 AND d.id = n.delivery AND d.ticket = $2 AND d.attempts = 0 AND d.ended IS NULL RETURNING d.id
) DELETE FROM names n USING gone WHERE n.delivery = gone.id`
