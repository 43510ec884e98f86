package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"testing"
)

// shapes are the words that stand for a kind of value in what is wanted of an answer.
var shapes = map[string]func(any) bool{
	"<text>":   func(v any) bool { _, ok := v.(string); return ok },
	"<number>": func(v any) bool { _, ok := v.(float64); return ok },
	"<list>":   func(v any) bool { _, ok := v.([]any); return ok },
	"<any>":    func(any) bool { return true },
	"<id>":     matches(`^[0-9a-f]{64}$`),
	"<image>":  matches(`^sha256:[0-9a-f]{64}$`),
	"<task>":   matches(`^docker_build-[0-9a-f]{10}$`),
}

func matches(pattern string) func(any) bool {
	re := regexp.MustCompile(pattern)
	return func(v any) bool { s, ok := v.(string); return ok && re.MatchString(s) }
}

// differs says where an answer is not what is wanted: an object has at least the wanted keys, a list as many
// elements as wanted, and a word of shapes stands for a kind of value.
func differs(at string, got, want any) string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %v, want an object", at, got)
		}
		for key, value := range want {
			have, ok := object[key]
			if !ok {
				return fmt.Sprintf("%s has no %q", at, key)
			}
			if d := differs(at+"."+key, have, value); d != "" {
				return d
			}
		}
		return ""
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Sprintf("%s is %v, want %v", at, got, want)
		}
		for i := range want {
			if d := differs(fmt.Sprintf("%s[%d]", at, i), list[i], want[i]); d != "" {
				return d
			}
		}
		return ""
	case string:
		if is, ok := shapes[want]; ok {
			if !is(got) {
				return fmt.Sprintf("%s is %v, want %s", at, got, want)
			}
			return ""
		}
	}
	if got != want {
		return fmt.Sprintf("%s is %#v, want %#v", at, got, want)
	}
	return ""
}

// call is a request as the older service's clients make it; the answer must be of that status and shape.
func (h *running) call(t *testing.T, method, target, body string, status int, want string) any {
	t.Helper()
	var heads []string
	if body != "" {
		heads = []string{"Content-Type: application/json", "Accept: */*"}
	}
	answer := h.ask(method, target, body, heads...)
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got, wanted any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%s %s: %s: %v", method, target, text, err)
	}
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatalf("%s: %v", want, err)
	}
	if d := differs("answer", got, wanted); d != "" || answer.StatusCode != status {
		t.Fatalf("%s %s %s\nis answered %d %s\nwant %d: %s", method, target, body, answer.StatusCode, text, status, d)
	}
	return got
}

// post is a call of POST that must succeed.
func (h *running) post(t *testing.T, target, body, want string) map[string]any {
	t.Helper()
	got, _ := h.call(t, http.MethodPost, target, body, http.StatusOK, want).(map[string]any)
	return got
}
