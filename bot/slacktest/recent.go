package slacktest

// recent is a map that forgets its oldest entries, so that a fake that runs for hours does not grow.
type recent[V any] struct {
	m     map[string]V
	order []string
	next  int
}

const recentMax = 50_000

func newRecent[V any]() *recent[V] { return &recent[V]{m: map[string]V{}} }

func (r *recent[V]) get(key string) (V, bool) {
	v, ok := r.m[key]
	return v, ok
}

func (r *recent[V]) put(key string, v V) {
	if _, ok := r.m[key]; !ok {
		if len(r.order) < recentMax {
			r.order = append(r.order, key)
		} else {
			delete(r.m, r.order[r.next])
			r.order[r.next] = key
			r.next = (r.next + 1) % recentMax
		}
	}
	r.m[key] = v
}

// ring keeps the last max values in order.
type ring[V any] struct {
	v    []V
	max  int
	next int
}

func (r *ring[V]) add(v V) {
	if len(r.v) < r.max {
		r.v = append(r.v, v)
		return
	}
	r.v[r.next] = v
	r.next = (r.next + 1) % r.max
}

// each calls f for every value, oldest first.
func (r *ring[V]) each(f func(V)) {
	for i := range r.v {
		f(r.v[(r.next+i)%len(r.v)])
	}
}
