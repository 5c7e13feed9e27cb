package incident

import (
	"strings"
	"testing"
)

func TestCheckToken(t *testing.T) {
	for _, good := range []string{testToken, " " + testToken + "\n", `"` + testToken + `"`, "'" + testToken + "' ", "\u00a0" + testToken + "\ufeff"} {
		if err := CheckToken(good); err != nil {
			t.Errorf("CheckToken(%q): %v", good, err)
		}
	}
	for _, c := range []struct{ token, says string }{
		{"", "empty"},
		{"  ", "empty"},
		{"glc_eyJvIjoiMTIzIiwibiI6ImEi", "access policy token"},
		{"xoxb-123-456-abc", "Slack bot token"},
		{"xapp-1-A1-2-abc", "Slack app token"},
		{"xoxp-123", "Slack token"},
		{"eyJrIjoiT0tTcG1pUlY2RnVKZTFVaDFsNFZXdE9ZWmNrMkZYbk", "old API key"},
		{"Bearer " + testToken, "whole header"},
		{"GRAFANA_SERVICE_ACCOUNT_TOKEN=" + testToken, "whole line"},
		{"https://my-stack.grafana.net", "address"},
		{"hunter2", "begin with glsa_"},
		{strings.ToUpper(testToken), "small letters"},
		{testToken[:30], "cut short: a token has 46 characters, and this has 30"},
		{testToken + "x", "too long"},
		{testToken[:20] + "\n" + testToken[20:], "white space"},
		{testToken[:20] + " " + testToken[21:], "white space"},
		{strings.Replace(testToken, "iNVal", "iNVaI", 1), "checksum"},
		{"glsa_iNValIdinValiDinvalidinvalidinva_9726585b", "checksum"}, // big-endian
		{"glsa_iNValIdinVali_invalidinvalidinva_5b582697", "not of the form"},
		{"glsa_iNValIdinValiDinvalidinvalidinvalid_58269", "not of the form"},
	} {
		err := CheckToken(c.token)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("CheckToken(%q) says %v; want %q in it", c.token, err, c.says)
		}
		if err != nil && (strings.Contains(err.Error(), "inva") || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("CheckToken(%q) shows the token: %v", c.token, err)
		}
	}
}
