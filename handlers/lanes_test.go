package handlers

import "testing"

// TestTitleLane: declarations of one title share a lane however they were said.
func TestTitleLane(t *testing.T) {
	d := newDesk(newStack())
	same := titleKey("Cart is empty", false)
	for _, args := range []string{
		"cart is empty", "Cart  is empty sev:major", "cart is empty severity Major", "severity major cart is empty drill", `"cart is empty" label:team=web`,
		another + "cart is empty",
	} {
		if lane := d.titleLane(typing("declare", args)); "title/"+lane[len("declare/"):] != same {
			t.Errorf("%q runs in %s", args, lane)
		}
	}
	form := sending(formDeclare, "", map[string]string{fieldTitle: " Cart is empty ", fieldSeverity: "Major"})
	if lane := d.titleLane(form); "title/"+lane[len("declare/"):] != same {
		t.Errorf("the form runs in %s", lane)
	}
}
