package main

import (
	"strings"
	"testing"
)

// TestFaults lists what an operator can get wrong and the sentence that says so.
func TestFaults(t *testing.T) {
	file := func(text string) fault { return fault{file: text} }
	variable := func(v string) fault { return fault{environ: []string{v}} }
	flag := func(f ...string) fault { return fault{args: f} }
	for want, given := range map[string]fault{
		// The file as a text.
		`config.json: the file is empty: write {} for the defaults`:                                            file(" \n"),
		`config.json: expected a JSON object such as {"listen": "127.0.0.1:8002"}`:                             file(`["listen"]`),
		`config.json:1: not valid JSON: invalid character 'l' looking for beginning of value`:                  file("listen: 1"),
		`config.json:2: not valid JSON: invalid character '}' looking for beginning of object key string`:      file("{\"env\": \"a\",\n}"),
		`config.json:3: not valid JSON: invalid character 'o' in literal null (expecting 'u')`:                 file("{\n\"env\": \"a\",\n\"tasks_keep\": no}"),
		`config.json:2: not valid JSON: unexpected end of JSON input`:                                          file("{\n\"env\": \"a\""),
		`config.json:3: not valid JSON: invalid character '{' after top-level value`:                           file("{\n}\n{}"),
		`cannot read the configuration nowhere.json: no such file or directory`:                                flag("--config", "nowhere.json"),
		`cannot read the configuration gone.json: no such file or directory`:                                   variable("CONFIG_PATH=gone.json"),
		`cannot read the configuration .: is a directory`:                                                      flag("--config", "."),
		`config.json:1: unknown key "lisen": did you mean "listen"?`:                                           file(`{"lisen": "127.0.0.1:1"}`),
		`config.json:1: unknown key "body": did you mean "max_body"?`:                                          file(`{"body": "1MiB"}`),
		`config.json:1: unknown key "Listen": did you mean "listen"?`:                                          file(`{"Listen": "127.0.0.1:1"}`),
		`config.json:1: unknown key "colour"`:                                                                  file(`{"colour": "red"}`),
		`config.json:2: env is written twice`:                                                                  file("{\"env\": \"a\",\n\"env\": \"b\"}"),
		"config.json:1: unknown key \"colour\"\nconfig.json:2: tasks_keep: expected a whole number, not \"x\"": file("{\"colour\": 1,\n\"tasks_keep\": \"x\"}"),

		// Values of a wrong type, from each source.
		`config.json:1: listen: expected a text, not 8002`:                                                   file(`{"listen": 8002}`),
		`config.json:2: tasks_running: expected a whole number, not 1.5`:                                     file("{\n\"tasks_running\": 1.5}"),
		`config.json:1: allow_tasks: expected true or false, not "no"`:                                       file(`{"allow_tasks": "no"}`),
		`config.json:1: heartbeat: expected a duration such as "10s", not 10`:                                file(`{"heartbeat": 10}`),
		`config.json:1: max_body: expected a size such as "64MiB", not "64 Mx"`:                              file(`{"max_body": "64 Mx"}`),
		`config.json:1: allowed_hosts: expected a list of texts such as ["a", "b"], not "a"`:                 file(`{"allowed_hosts": "a"}`),
		`config.json:1: auth_header: expected headers: {"Name": "value"} in a file, "Name: value" elsewhere`: file(`{"auth_header": {"A": ["s3cret"]}}`),
		`HUB_TASKS_RUNNING: expected a whole number, not "many"`:                                             variable("HUB_TASKS_RUNNING=many"),
		`HUB_HEARTBEAT: expected a duration such as "10s", not "10"`:                                         variable("HUB_HEARTBEAT=10"),
		`HUB_AUTH_HEADER: expected headers: {"Name": "value"} in a file, "Name: value" elsewhere`:            variable("HUB_AUTH_HEADER=s3cret"),
		`--tasks-running: expected a whole number, not "many"`:                                               flag("--tasks-running", "many"),
		`--max-body: expected a size such as "64MiB", not "x"`:                                               flag("--max-body=x"),
		`--auth-header: expected headers: {"Name": "value"} in a file, "Name: value" elsewhere`:              flag("--auth-header", "s3cret"),
		`unknown flag --lisen: did you mean "--listen"?`:                                                     flag("--lisen", "x"),
		`unknown flag --zonk: see hub --help`:                                                                flag("--zonk"),
		`flag needs an argument: --listen`:                                                                   flag("--listen"),

		// Values that make no sense.
		`config.json:1: listen: "8002" is not a host and port such as 127.0.0.1:8002`:                            file(`{"listen": "8002"}`),
		`--listen: ":8002" names no host: write 127.0.0.1:8002 for this machine, 0.0.0.0:8002 for every network`: flag("--listen=:8002"),
		`HUB_LISTEN: "localhost:99999" has no port from 0 to 65535`:                                              variable("HUB_LISTEN=localhost:99999"),
		`--allowed-hosts: "https://a" is not a host name such as ci.example or ci.example:8002`:                  flag("--allowed-hosts=https://a"),
		`--allowed-origins: "*" is not an origin such as https://ci.example`:                                     flag("--allowed-origins=*"),
		`--allowed-origins: "https://a/" is not an origin such as https://ci.example`:                            flag("--allowed-origins=https://a/"),
		`--log-level: "loud" is not one of debug, info, warn, error`:                                             flag("--log-level=loud"),
		`--log-format: "xml" is not one of auto, text, json`:                                                     flag("--log-format=xml"),
		`--heartbeat: must be at least 1s, not 10ms`:                                                             flag("--heartbeat=10ms"),
		`--heartbeat: must be at most 40s, not 1m`:                                                               flag("--heartbeat=1m"),
		`--max-body: must be at most 1GiB, not 2GiB`:                                                             flag("--max-body=2GiB"),
		`--topic-max-bytes: must be at least 64KiB, not 1KiB`:                                                    flag("--topic-max-bytes=1k"),
		`--tasks-running: must be at least 1, not -1`:                                                            flag("--tasks-running=-1"),
		`--log-stream-endpoint: ftp://u:xxxxx@h/ is not an http or https URL`:                                    flag("--log-stream-endpoint=ftp://u:s3cret@h/"),
		`--auth-header: "A b" is not a header name`:                                                              flag("--auth-header", "A b: s3cret"),
		`config.json:1: auth_header: the value of A holds a control character`:                                   file(`{"auth_header": {"A": "s3cret\r\nB: c"}}`),
		`--env: must be one line of at most 200 bytes`:                                                           flag("--env=a\nb"),
		"--heartbeat: must be at least 1s, not 0s\n--max-topics: must be at least 1, not 0":                      flag("--heartbeat=0", "--max-topics=0"),
	} {
		t.Run(want, func(t *testing.T) {
			_, err := loaded(t, given.file, given.environ, given.args)
			if err == nil || err.Error() != want {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Error("the error shows a secret")
			}
		})
	}
}

type fault struct {
	file          string
	environ, args []string
}
