package mask_test

import (
	"encoding/json"
	"testing"
)

func TestMaskedJSONKeepsItsShape(t *testing.T) {
	for _, c := range []struct {
		what, secret, data, masked string
	}{
		{"a value", "hunter2", `{"line":"my hunter2"}`, `{"line":"my ***"}`},
		{"a key that is a name", "line", `{"line":"a line","last":true}`, `{"line":"a ***","last":true}`},
		{"a key that is none", "hunter2", `{"hunter2":1, "a hunter2" : [2]}`, `{"***":1, "a ***" : [2]}`},
		{"numbers and words", "1234", `{"exit_code":1234,"size":12345,"text":"1234"}`, `{"exit_code":1234,"size":12345,"text":"***"}`},
		{"true", "true", `{"last":true,"text":"true"}`, `{"last":true,"text":"***"}`},
		{"punctuation", `":"x`, `{"line":"x"}`, `{"line":"x"}`},
		{"an escape before it", "nabcd", `{"line":"\nabcd"}`, `{"line":"\nabcd"}`},
		{"escaped", `quo"te\`, `{"line":"a quo\"te\\ b"}`, `{"line":"a *** b"}`},
		{"with HTML escaping", "<tag>", `["\u003ctag\u003e","<tag>"]`, `["***","***"]`},
		{"with all escaped", "hunter2", `["\u0068unter\u0032","x\/y"]`, `["***","x\/y"]`},
		{"ASCII only", "pässwörd😀", `["p\u00e4ssw\u00f6rd\ud83d\ude00"]`, `["***"]`},
		{"JSON in JSON", `quo"te`, `{"line":"{\"p\":\"quo\\\"te\"}"}`, `{"line":"{\"p\":\"***\"}"}`},
		{"deep and with blanks", "hunter2", "{ \"a\" : [ { \"b\" : \"hunter2\" } ] }\n", "{ \"a\" : [ { \"b\" : \"***\" } ] }\n"},
		{"the rest stays as it is", "hunter2", `["hunter2","\u003c\u0041"]`, `["***","\u003c\u0041"]`},
		{"a text alone", "hunter2", `"hunter2"`, `"***"`},
		{"empty", "hunter2", ``, ``},
	} {
		s := setOf(c.secret)
		got := s.JSON([]byte(c.data))
		if string(got) != c.masked {
			t.Errorf("%s: %s, want %s", c.what, got, c.masked)
		}
		if c.data != "" && !json.Valid(got) {
			t.Errorf("%s: %s is not JSON", c.what, got)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add("hunter2", `{"line":"hunter2\\"}`)
	f.Add(`\"\\`, `["\\\"\\\\\\"]`)
	f.Add("nabcd", `"\nabcd`)
	f.Fuzz(func(t *testing.T, secret, data string) {
		got := setOf(secret).JSON([]byte(data))
		if json.Valid([]byte(data)) && !json.Valid(got) {
			t.Errorf("%q out of %q: %q", secret, data, got)
		}
	})
}
