package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"go.yaml.in/yaml/v3"

	"incident-bot/bot/journal"
)

const deploy = "../../deploy"

// documentsOf reads every YAML document of a file.
func documentsOf(t *testing.T, path string) []map[string]any {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(read(t, path)))
	var list []map[string]any
	for {
		var one map[string]any
		if err := d.Decode(&one); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		list = append(list, one)
	}
}

// at walks into nested maps and lists; a number in the path is an index.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return nil
			}
			v = l[step]
		}
	}
	return v
}

func TestDeployFilesParse(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(deploy, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".yaml", ".yml":
			seen++
			if len(documentsOf(t, path)) == 0 {
				t.Errorf("%s is empty", path)
			}
		case ".json":
			seen++
			if !json.Valid([]byte(read(t, path))) {
				t.Errorf("%s is no JSON", path)
			}
		}
		return nil
	})
	if err != nil || seen < 6 {
		t.Fatal(seen, err)
	}
}

// TestDeployKnowsTheVariables compares the names of the environment in all that is deployed with those that are read.
func TestDeployKnowsTheVariables(t *testing.T) {
	known := later()
	for _, v := range variables() {
		known = append(known, v.name)
	}
	name := regexp.MustCompile(`\b(?:SLACK|GRAFANA|HTTP|LOG|WORKSPACES|DATABASE|POLL|ENCRYPTION)_[A-Z_]+\b`)
	for _, path := range []string{"compose.yaml", "kubernetes/deployment.yaml", "kubernetes/secret.yaml", "runbook.md", "workspaces.example.yaml", "../README.md"} {
		for _, found := range name.FindAllString(read(t, filepath.Join(deploy, path)), -1) {
			if !slices.Contains(known, found) {
				t.Errorf("%s names %s, which nothing reads", path, found)
			}
		}
	}
}

func TestComposePassesNoUnknownVariable(t *testing.T) {
	service := at(documentsOf(t, filepath.Join(deploy, "compose.yaml"))[0], "services", "incident-bot")
	env, _ := at(service, "environment").(map[string]any)
	if len(env) == 0 {
		t.Fatal("no environment")
	}
	for name := range env {
		if !slices.ContainsFunc(variables(), func(v variable) bool { return v.name == name }) {
			t.Errorf("compose.yaml passes %s, which nothing reads", name)
		}
	}
	if volumes, _ := at(service, "volumes").([]any); !slices.Contains(volumes, any("data:"+imageData)) {
		t.Error("compose.yaml keeps the database in the container")
	}
	if at(service, "user") != "65532:65532" || at(service, "read_only") != true {
		t.Error("compose.yaml runs as somebody, or with a root that can be written")
	}
	grace, err := time.ParseDuration(at(service, "stop_grace_period").(string))
	if err != nil || grace <= drain {
		t.Errorf("stop_grace_period %v is not above the drain of %v", grace, drain)
	}
}

// imageData is where the image keeps the database.
const imageData = "/" + dataFolder

// TestKustomizationListsEverything finds files that kubectl apply -k would leave out; the Secret is made by hand.
func TestKustomizationListsEverything(t *testing.T) {
	listed, _ := at(documentsOf(t, filepath.Join(deploy, "kubernetes/kustomization.yaml"))[0], "resources").([]any)
	files, err := filepath.Glob(filepath.Join(deploy, "kubernetes/*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		if name != "kustomization.yaml" && name != "secret.yaml" && !slices.Contains(listed, any(name)) {
			t.Errorf("kustomization.yaml does not list %s", name)
		}
	}
}

// TestKubernetesIsHardened reads the Deployment as a reviewer would.
func TestKubernetesIsHardened(t *testing.T) {
	deployment := documentsOf(t, filepath.Join(deploy, "kubernetes/deployment.yaml"))[0]
	pod := at(deployment, "spec", "template", "spec")
	container := at(pod, "containers", 0)
	claim := at(documentsOf(t, filepath.Join(deploy, "kubernetes/volume.yaml"))[0], "metadata", "name")
	for what, ok := range map[string]bool{
		"runs as non-root":          at(pod, "securityContext", "runAsNonRoot") == true && at(pod, "securityContext", "runAsUser") == 65532,
		"seccomp":                   at(pod, "securityContext", "seccompProfile", "type") == "RuntimeDefault",
		"no service account":        at(pod, "automountServiceAccountToken") == false,
		"read-only root":            at(container, "securityContext", "readOnlyRootFilesystem") == true,
		"no privilege escalation":   at(container, "securityContext", "allowPrivilegeEscalation") == false,
		"no capabilities":           slices.Equal(at(container, "securityContext", "capabilities", "drop").([]any), []any{"ALL"}),
		"liveness":                  at(container, "livenessProbe", "httpGet", "path") == "/healthz",
		"readiness":                 at(container, "readinessProbe", "httpGet", "path") == "/readyz",
		"memory limit":              at(container, "resources", "limits", "memory") != nil,
		"time to drain":             time.Duration(at(pod, "terminationGracePeriodSeconds").(int))*time.Second >= drain+10*time.Second,
		"never two at once":         at(deployment, "spec", "strategy", "type") == "Recreate" && at(deployment, "spec", "replicas") == 1,
		"a volume for the database": at(container, "volumeMounts", 0, "mountPath") == imageData && at(pod, "securityContext", "fsGroup") == 65532,
		"the volume is claimed":     claim != nil && at(pod, "volumes", 0, "persistentVolumeClaim", "claimName") == claim,
		"the mount is the volume":   at(pod, "volumes", 0, "name") == at(container, "volumeMounts", 0, "name"),
		"port of the probes is set": at(container, "ports", 0, "name") == "http",
	} {
		if !ok {
			t.Errorf("%s does not hold", what)
		}
	}
}

func TestImageRunsAsNobodyAndChecksItself(t *testing.T) {
	text := read(t, "../../Dockerfile")
	_, final, ok := strings.Cut(text, "FROM scratch")
	if !ok {
		t.Fatal("the last stage is not from scratch")
	}
	for _, want := range []string{
		"USER 65532:65532", "--chown=65532:65532 /out/data " + imageData + "\n", "VOLUME " + imageData + "\n",
		"ENV DATABASE_URL=sqlite://" + imageData + "/incident-bot.db\n", `HEALTHCHECK`, `"healthcheck"`, "ca-certificates.crt", `ENTRYPOINT ["/incident-bot"]`,
	} {
		if !strings.Contains(final, want) {
			t.Errorf("the image has no %s", want)
		}
	}
	if !strings.Contains(text, "CGO_ENABLED=0") || !strings.Contains(text, "main.version") {
		t.Error("the binary is not static, or does not know its version")
	}
}

// TestDashboardAndAlertsUseRealMetrics compares the names in deploy with those that the process registers.
func TestDashboardAndAlertsUseRealMetrics(t *testing.T) {
	known := registered(t)
	part := regexp.MustCompile(`_(count|sum|bucket)$`)
	name := regexp.MustCompile(`\bincident_bot_[a-z_]+`)
	found := 0
	for _, path := range []string{"dashboard.json", "alerts.yaml", "runbook.md"} {
		for _, metric := range name.FindAllString(read(t, filepath.Join(deploy, path)), -1) {
			found++
			if !strings.Contains(known, `"`+part.ReplaceAllString(metric, "")+`"`) {
				t.Errorf("%s uses %s, which nothing registers", path, metric)
			}
		}
	}
	if found == 0 {
		t.Error("no metric is used at all")
	}
}

// TestAlertsHaveARunbook follows each alert's link to a section that names the alert.
func TestAlertsHaveARunbook(t *testing.T) {
	runbook := read(t, filepath.Join(deploy, "runbook.md"))
	rules, _ := at(documentsOf(t, filepath.Join(deploy, "alerts.yaml"))[0], "groups", 0, "rules").([]any)
	if len(rules) == 0 {
		t.Fatal("no alerts")
	}
	for _, rule := range rules {
		name, _ := at(rule, "alert").(string)
		link, _ := at(rule, "annotations", "runbook").(string)
		_, anchor, _ := strings.Cut(link, "deploy/runbook.md#")
		heading := regexp.MustCompile(`(?mi)^### ` + regexp.QuoteMeta(strings.ReplaceAll(anchor, "-", " ")) + `$`).FindStringIndex(runbook)
		if anchor == "" || heading == nil {
			t.Errorf("%s leads to %q, which is no section", name, link)
			continue
		}
		section, _, _ := strings.Cut(runbook[heading[1]:], "\n###")
		if !strings.Contains(section, "`"+name+"`") {
			t.Errorf("the section %q does not name %s", anchor, name)
		}
	}
}

// registered describes every metric of a bot that is wired and not started.
func registered(t *testing.T) string {
	t.Helper()
	setEnv(t, good(nil))
	c, found := loadConfig()
	if len(found) > 0 {
		t.Fatal(found.text())
	}
	registry, observe := newMetrics()
	grafana, err := newStacks(c, observe, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	inbox, err := journal.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "it.db"), journal.Options{Metrics: registry})
	if err != nil {
		t.Fatal(err)
	}
	defer closeJournal(inbox, zerolog.Nop())
	if _, err := newBot(c, inbox, grafana, registry, zerolog.Nop()); err != nil {
		t.Fatal(err)
	}
	descriptions := make(chan *prometheus.Desc)
	go func() { registry.Describe(descriptions); close(descriptions) }()
	var b strings.Builder
	for d := range descriptions {
		b.WriteString(d.String())
	}
	return b.String()
}
