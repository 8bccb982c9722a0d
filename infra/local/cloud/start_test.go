package cloud_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/infra/local/cloud"
)

func refusedStart(t *testing.T, config cloud.Config) error {
	t.Helper()
	local, err := cloud.Start(t.Context(), config)
	if err == nil {
		_ = local.Close()
		t.Fatal("started")
	}
	return err
}

// Whoever cannot start is told what to do.
func TestStartRefuses(t *testing.T) {
	config := empty(t)
	running := start(t, config)

	t.Run("in a folder in use", func(t *testing.T) {
		err := refusedStart(t, config)
		if !errors.Is(err, cloud.ErrInUse) || !strings.Contains(err.Error(), config.DataDir) ||
			!strings.Contains(err.Error(), "DATA_DIR") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("on a port that is taken", func(t *testing.T) {
		other := empty(t)
		other.Port = portOf(t, running.URL())
		err := refusedStart(t, other)
		if !strings.Contains(err.Error(), "taken") || !strings.Contains(err.Error(), fmt.Sprintf("PORT=%d", other.Port+1)) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("outside the project", func(t *testing.T) {
		t.Chdir(t.TempDir())
		if err := refusedStart(t, empty(t)); !errors.Is(err, cloud.ErrNoTemplate) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("with a broken template", func(t *testing.T) {
		broken := empty(t)
		broken.Root = t.TempDir()
		if err := os.WriteFile(filepath.Join(broken.Root, "template.yaml"), []byte("Resources: {}"), 0o600); err != nil {
			t.Fatal(err)
		}
		err := refusedStart(t, broken)
		for _, name := range []string{"ApiFunction", "PagesFunction", "MailerFunction", "ClockFunction"} {
			if !strings.Contains(err.Error(), name) {
				t.Errorf("%s is missing, and not named: %v", name, err)
			}
		}
	})
}

// A data folder is good on any port: people stay who they are, and so do their tokens.
func TestAnotherPort(t *testing.T) {
	config := empty(t)
	local, err := cloud.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	first := local.URL()
	token, err := local.Token(cloud.Person{Sub: "ada", Email: "ada@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	if err := local.Close(); err != nil {
		t.Fatal(err)
	}
	occupied := empty(t)
	occupied.Port = portOf(t, first)
	start(t, occupied) // so that the free port is another one
	moved := start(t, config)
	if moved.URL() == first {
		t.Fatalf("still at %s", first)
	}
	if got := moved.ask(moved.api(), token, http.MethodGet, "/v1/me", nil); got.status != http.StatusOK {
		t.Errorf("with the token of before: %d %s", got.status, got.text)
	}
}

// The folder of the project is found from anywhere inside it.
func TestStartInsideTheProject(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "..", "internal", "table"))
	start(t, empty(t))
}

func TestCloseTwice(t *testing.T) {
	w := start(t, empty(t))
	if err := errors.Join(w.Close(), w.Close()); err != nil {
		t.Error(err)
	}
}

func TestWelcome(t *testing.T) {
	w := start(t, empty(t))
	for _, want := range []string{w.URL(), "/docs/", "/_local/inbox", "Ctrl+C"} {
		if !strings.Contains(w.Welcome(), want) {
			t.Errorf("%q is not in\n%s", want, w.Welcome())
		}
	}
	if strings.Contains(w.Welcome(), "ahead") {
		t.Error("the clock is not ahead")
	}
	w.travels("2h")
	if !strings.Contains(w.Welcome(), "2 hours ahead") {
		t.Errorf("no word of the clock in\n%s", w.Welcome())
	}
}

func TestFromEnvironment(t *testing.T) {
	tests := []struct {
		name        string
		environment map[string]string
		want        cloud.Config
		wrong       []string
	}{
		{"nothing", nil, cloud.Config{Port: 3000, DataDir: ".local", Table: cloud.Bolt}, nil},
		{
			"everything", map[string]string{"PORT": "8080", "DATA_DIR": "/tmp/x", "TABLE": "dynamodb-local", "SEED": "off"},
			cloud.Config{Port: 8080, DataDir: "/tmp/x", Table: cloud.DynamoDBLocal, Empty: true}, nil,
		},
		{
			"higher limits", map[string]string{"RATE_WRITES_PER_MINUTE": "600", "RATE_READS_PER_MINUTE": "6000"},
			cloud.Config{Port: 3000, DataDir: ".local", Table: cloud.Bolt,
				Parameters: map[string]string{"WritesPerMinute": "600", "ReadsPerMinute": "6000"}}, nil,
		},
		{
			"all wrong", map[string]string{"PORT": "x", "TABLE": "paper", "SEED": "no"}, cloud.Config{},
			[]string{`PORT is "x"`, `TABLE is "paper"`, `SEED is "no"`},
		},
		{"no such port", map[string]string{"PORT": "65536"}, cloud.Config{}, []string{`PORT is "65536"`}},
		{"negative port", map[string]string{"PORT": "-1"}, cloud.Config{}, []string{`PORT is "-1"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := cloud.FromEnvironment(func(name string) string { return test.environment[name] })
			if test.wrong == nil {
				if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
					t.Errorf("%v\n%s", err, diff)
				}
				return
			}
			for _, want := range test.wrong {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%v does not say %s", err, want)
				}
			}
		})
	}
}

// The limits are those of the template, unless they are set; a value that is none is named at the start.
func TestLimits(t *testing.T) {
	config := empty(t)
	config.Parameters = map[string]string{"WritesPerMinute": "1"}
	w := start(t, config)
	ada := w.enrolled("ada")
	if a := ada.ask(http.MethodPut, "/v1/me", map[string]any{}); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Errorf("the second of one write a minute: %d %s", a.status, a.text)
	}

	config = empty(t)
	config.Parameters = map[string]string{"WritesPerMinute": "many"}
	if err := refusedStart(t, config); !strings.Contains(err.Error(), "RATE_WRITES_PER_MINUTE") {
		t.Errorf("a limit of many: %v", err)
	}
}
