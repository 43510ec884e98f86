package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// loaded runs load in a directory of its own, with file as config.json there unless it is "".
func loaded(t *testing.T, file string, environ, args []string) (Settings, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if file != "" {
		if err := os.WriteFile("config.json", []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	given := Default()
	flags := pflag.NewFlagSet("hub", pflag.ContinueOnError)
	bindFlags(flags, &given)
	if err := flags.Parse(args); err != nil {
		return Settings{}, flagFault(flags, err)
	}
	return load(flags, &given, environ)
}

func TestLaterSourcesWin(t *testing.T) {
	const file = `{"topic_max_bytes": "1MiB"}`
	environ := []string{"HUB_TOPIC_MAX_BYTES=2MiB"}
	args := []string{"--topic-max-bytes", "3MiB"}
	for _, tt := range []struct {
		name          string
		file          string
		environ, args []string
		want          Size
		origin        string
	}{
		{"nothing: the default", "", nil, nil, 8 << 20, "default"},
		{"file over default", file, nil, nil, 1 << 20, "config.json:1"},
		{"environment over file", file, environ, nil, 2 << 20, "HUB_TOPIC_MAX_BYTES"},
		{"flag over all", file, environ, args, 3 << 20, "--topic-max-bytes"},
		{"flag over file", file, nil, args, 3 << 20, "--topic-max-bytes"},
		{"null leaves the default", `{"topic_max_bytes": null}`, nil, nil, 8 << 20, "default"},
		{"an empty variable is none", file, []string{"HUB_TOPIC_MAX_BYTES="}, nil, 1 << 20, "config.json:1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := loaded(t, tt.file, tt.environ, tt.args)
			if err != nil {
				t.Fatal(err)
			}
			if s.TopicMaxBytes != tt.want || s.Origins["topic_max_bytes"] != tt.origin {
				t.Errorf("got %v from %s, want %v from %s", s.TopicMaxBytes, s.Origins["topic_max_bytes"], tt.want, tt.origin)
			}
		})
	}
}

func TestTheFile(t *testing.T) {
	named := filepath.Join(t.TempDir(), "named.json")
	other := filepath.Join(t.TempDir(), "other.json")
	for path, text := range map[string]string{named: "\xef\xbb\xbf{\"env\": \"named\"}", other: `{"env": "other"}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name          string
		environ, args []string
		want          string
	}{
		{"is config.json here", nil, nil, "here"},
		{"is what CONFIG_PATH names", []string{"CONFIG_PATH=" + named}, nil, "named"},
		{"is what --config names", []string{"CONFIG_PATH=" + named}, []string{"--config", other}, "other"},
		{"is config.json for an empty CONFIG_PATH", []string{"CONFIG_PATH="}, nil, "here"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := loaded(t, `{"env": "here"}`, tt.environ, tt.args)
			if err != nil || s.Env != tt.want {
				t.Errorf("got %q, %v; want %q", s.Env, err, tt.want)
			}
		})
	}
}

func TestEveryTypeFromEverySource(t *testing.T) {
	want := Default()
	want.Listen = "127.0.0.1:9"
	want.AllowedHosts = []string{"a.example", "b.example:80"}
	want.TasksRunning = 3
	want.AllowTasks = false
	want.Heartbeat = Duration(2e9)
	want.MaxBody = 3 << 20
	want.LogStreamEndpoint = "https://user:pw@sink.example/in?token=t"
	want.AuthHeader = Headers{"Authorization": "Bearer x:y", "X-Two": "2"}

	file := `{"listen": "127.0.0.1:9", "allowed_hosts": ["a.example", "b.example:80"], "tasks_running": 3,
		"allow_tasks": false, "heartbeat": "2s", "max_body": "3MiB",
		"log_stream_endpoint": "https://user:pw@sink.example/in?token=t",
		"auth_header": {"Authorization": "Bearer x:y", "X-Two": "2"}}`
	environ := []string{
		"HUB_LISTEN=127.0.0.1:9", "HUB_ALLOWED_HOSTS=a.example, b.example:80,", "HUB_TASKS_RUNNING=3",
		"HUB_ALLOW_TASKS=false", "HUB_HEARTBEAT=2s", "HUB_MAX_BODY=3m",
		"HUB_LOG_STREAM_ENDPOINT=https://user:pw@sink.example/in?token=t",
		"HUB_AUTH_HEADER=Authorization: Bearer x:y\nX-Two: 2",
	}
	args := []string{
		"--listen", "127.0.0.1:9", "--allowed-hosts", "a.example", "--allowed_hosts=b.example:80", "--tasks-running=3",
		"--allow-tasks=false", "--heartbeat=2s", "--max-body=3MiB",
		"--log-stream-endpoint=https://user:pw@sink.example/in?token=t",
		"--auth-header", "Authorization: Bearer x:y", "--auth-header", "X-Two:2",
	}
	for name, load := range map[string]func(*testing.T) (Settings, error){
		"file":        func(t *testing.T) (Settings, error) { return loaded(t, file, nil, nil) },
		"environment": func(t *testing.T) (Settings, error) { return loaded(t, "", environ, nil) },
		"flags":       func(t *testing.T) (Settings, error) { return loaded(t, "", nil, args) },
	} {
		t.Run(name, func(t *testing.T) {
			s, err := load(t)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(s.Config, want) {
				t.Error(cmp.Diff(want, s.Config))
			}
		})
	}
}

func TestTheOlderServicesNamesOfTheEnvironment(t *testing.T) {
	for want, environ := range map[string][]string{
		"DEFAULT_ENV": nil,
		"d":           {"DEFAULT_ENV=d"},
		"e":           {"ENV=e", "DEFAULT_ENV=d"},
		"h":           {"HUB_ENV=h", "ENV=e", "DEFAULT_ENV=d"},
	} {
		s, err := loaded(t, "", environ, nil)
		if err != nil || s.Env != want {
			t.Errorf("%v: got %q, %v; want %q", environ, s.Env, err, want)
		}
	}
}

func TestWarnings(t *testing.T) {
	for _, tt := range []struct{ variable, want string }{
		{"HUB_LISEN=x", `unknown variable HUB_LISEN: did you mean "HUB_LISTEN"?`},
		{"HUB_PORT_8002_TCP=tcp://10.0.0.1:8002", "unknown variable HUB_PORT_8002_TCP"},
		{"HUB_LISTEN=0.0.0.0:8002", "listening on 0.0.0.0:8002: everybody who reaches it may run shell commands here (allow_tasks)"},
		{"HUB_AUTH_HEADER=A: b", "auth_header is set and log_stream_endpoint is not: nothing is forwarded"},
	} {
		s, err := loaded(t, "", []string{tt.variable}, nil)
		if err != nil || !slices.Equal(s.Warnings, []string{tt.want}) {
			t.Errorf("%s: got %q, %v", tt.variable, s.Warnings, err)
		}
	}
	s, err := loaded(t, "", []string{"HUB_LISTEN=0.0.0.0:8002", "HUB_ALLOW_TASKS=false"}, nil)
	if err != nil || len(s.Warnings) > 0 {
		t.Errorf("open to the network without tasks: got %q, %v", s.Warnings, err)
	}
}

func TestEverySettingIsDescribed(t *testing.T) {
	help := helpText(program(nil, nil, nil, nil))
	cfg := Default()
	for _, f := range fieldsOf(&cfg) {
		if f.name == "" || f.group == "" || f.help == "" || f.goName != camel(f.name) {
			t.Errorf("%s: incomplete or differently named tags", f.goName)
		}
		if !strings.Contains(help, "--"+f.flagName()+" ") {
			t.Errorf("the help lacks --%s", f.flagName())
		}
	}
}

func camel(snake string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(snake, "_") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}
