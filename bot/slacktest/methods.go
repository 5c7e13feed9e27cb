package slacktest

// method is one Web API method. run is called with mu held.
type method struct {
	tier     tier
	scopes   []string // one of these is needed; none means none
	open     bool     // no token is needed
	app      bool     // the app-level token is needed, in the header
	formOnly bool     // documented for application/x-www-form-urlencoded only
	run      func(c *call) (reply, *apiError)
}

// methods lists the Web API methods there are. Everything else is unknown_method. Tiers and scopes are those of each
// method's page (docs: reference/methods/…).
func methods() map[string]method {
	read := []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	info := []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	manage := []string{"channels:manage", "groups:write", "im:write", "mpim:write"}
	write := []string{"chat:write"}
	users := []string{"users:read"}
	invite := append([]string{"channels:write.invites"}, manage...)
	topic := append([]string{"channels:write.topic"}, manage...)
	return map[string]method{
		"apps.connections.open": {tier: tier3, app: true, run: connectionsOpen},
		"auth.test":             {tier: tierSpecial, run: authTest},
		"team.info":             {tier: tier3, scopes: []string{"team:read"}, formOnly: true, run: teamInfo},
		"blocks.validate":       {tier: tier3, open: true, run: blocksValidate},

		"chat.postMessage":   {tier: tierPost, scopes: write, run: chatPostMessage},
		"chat.postEphemeral": {tier: tier4, scopes: write, run: chatPostEphemeral},
		"chat.update":        {tier: tier3, scopes: write, run: chatUpdate},
		"chat.delete":        {tier: tier3, scopes: write, run: chatDelete},
		"chat.getPermalink":  {tier: tierSpecial, formOnly: true, run: chatGetPermalink},
		"chat.unfurl":        {tier: tier3, scopes: []string{"links:write"}, run: chatUnfurl},

		"views.open":    {tier: tier4, run: viewsOpen},
		"views.push":    {tier: tier4, run: viewsPush},
		"views.update":  {tier: tier4, run: viewsUpdate},
		"views.publish": {tier: tier4, run: viewsPublish},

		"users.info":          {tier: tier4, scopes: users, formOnly: true, run: usersInfo},
		"users.list":          {tier: tier2, scopes: users, formOnly: true, run: usersList},
		"users.lookupByEmail": {tier: tier3, scopes: []string{"users:read.email"}, formOnly: true, run: usersLookupByEmail},

		"conversations.info":       {tier: tier3, scopes: info, formOnly: true, run: conversationsInfo},
		"conversations.list":       {tier: tier2, scopes: info, formOnly: true, run: conversationsList},
		"conversations.members":    {tier: tier4, scopes: info, formOnly: true, run: conversationsMembers},
		"conversations.history":    {tier: tier3, scopes: read, formOnly: true, run: conversationsHistory},
		"conversations.replies":    {tier: tier3, scopes: read, formOnly: true, run: conversationsReplies},
		"conversations.open":       {tier: tier3, scopes: manage, run: conversationsOpen},
		"conversations.join":       {tier: tier3, scopes: []string{"channels:join"}, run: conversationsJoin},
		"conversations.create":     {tier: tier2, scopes: manage, run: conversationsCreate},
		"conversations.invite":     {tier: tier3, scopes: invite, run: conversationsInvite},
		"conversations.setTopic":   {tier: tier2, scopes: topic, run: conversationsSetTopic},
		"conversations.setPurpose": {tier: tier2, scopes: topic, run: conversationsSetPurpose},
		"conversations.archive":    {tier: tier2, scopes: manage, run: conversationsArchive},
		"conversations.rename":     {tier: tier2, scopes: manage, run: conversationsRename},

		"reactions.add":    {tier: tier3, scopes: []string{"reactions:write"}, run: reactionsAdd},
		"reactions.remove": {tier: tier2, scopes: []string{"reactions:write"}, run: reactionsRemove},
		"pins.add":         {tier: tier2, scopes: []string{"pins:write"}, run: pinsAdd},
		"bookmarks.add":    {tier: tier2, scopes: []string{"bookmarks:write"}, run: bookmarksAdd},
	}
}
