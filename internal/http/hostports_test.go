package http

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestPortsAreTakenAsTheOlderServiceTookThem(t *testing.T) {
	for given, want := range map[string]string{
		`8080`: "[{ 8080}]", `"8080"`: "[{ 8080}]", `0`: "[{ 0}]", `null`: "[{ 0}]", `""`: "[{ 0}]", `[]`: "[]",
		`"127.0.0.1:8080"`: "[{127.0.0.1 8080}]", `"127.0.0.1:"`: "[{127.0.0.1 0}]", `"[::1]:80"`: "[{::1 80}]",
		`["127.0.0.1", 8080]`: "[{127.0.0.1 8080}]", `["::1", "80"]`: "[{::1 80}]", `["127.0.0.1", null]`: "[{127.0.0.1 0}]",
		`[1111, 2222]`: "[{ 1111} { 2222}]", `[1111, "127.0.0.1:2"]`: "[{ 1111} {127.0.0.1 2}]", `["1", "2"]`: "[{ 1} { 2}]",
	} {
		got, err := hostPorts(map[string]json.RawMessage{"80/tcp": json.RawMessage(given)})
		if err != nil || fmt.Sprint(got["80/tcp"]) != want {
			t.Errorf("%s: %v, %v, want %s", given, got, err, want)
		}
	}
	for _, given := range []string{`true`, `{}`, `1.5`, `"x"`, `"80-90"`, `"::1"`, `[[1]]`, `["127.0.0.1", "127.0.0.1:1"]`, `["a", 1]`, `[true]`, `"1:2:3"`} {
		if got, err := hostPorts(map[string]json.RawMessage{"80/tcp": json.RawMessage(given)}); err == nil {
			t.Errorf("%s: %v", given, got)
		}
	}
}

func TestACommandIsOneStringOrAList(t *testing.T) {
	for given, want := range map[string]string{
		``: `null`, `"sh -c 'a b'"`: `["sh","-c","a b"]`, `["a b","","c"]`: `["a b","","c"]`, `[]`: `[]`, `""`: `[]`, `["null"]`: `["null"]`,
	} {
		got, err := argv("command", json.RawMessage(given))
		if err != nil {
			t.Errorf("%s: %v", given, err)
		}
		is(t, given, got, want)
	}
	for _, given := range []string{`5`, `true`, `{}`, `[1]`, `[null]`, `["a",["b"]]`, `"'"`} {
		if got, err := argv("command", json.RawMessage(given)); err == nil {
			t.Errorf("%s: %q", given, got)
		}
	}
}
