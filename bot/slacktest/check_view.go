package slacktest

// viewMax is the size of a view's JSON over which Slack answers view_too_large (docs: views.open, 250 KB).
const viewMax = 250 << 10

// checkView checks a view for views.open, push and update (a modal) or views.publish (a Home tab). The pointers start
// with /view.
func checkView(raw obj, on surface) []problem {
	c := newChecker(on)
	v := at{c, "/view", raw}
	v.need("type")
	v.text("private_metadata", optional, 0, 3000)
	v.text("callback_id", optional, 0, 255)
	v.text("external_id", optional, 0, 255)
	keys := []string{"blocks", "private_metadata", "callback_id", "external_id"}
	if on == inModal {
		keys = append(keys, "title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
		v.oneOf("type", "modal")
		v.textObject("title", required, plainOnly, 24)
		v.textObject("submit", optional, plainOnly, 24)
		v.textObject("close", optional, plainOnly, 24)
		v.flag("clear_on_close", "notify_on_close", "submit_disabled")
	} else {
		v.oneOf("type", "home")
	}
	v.only(keys...)
	if v.need("blocks") {
		c.blocks("/view/blocks", v.items("blocks", required, 0, 1<<20))
	}
	if on == inModal && c.inputs && !v.has("submit") {
		v.fail("", "missing required field: submit, since there are input blocks")
	}
	return c.problems
}
