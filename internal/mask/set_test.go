package mask_test

import (
	"sync"
	"testing"

	"hub/internal/mask"
)

func setOf(values ...string) *mask.Set {
	s := new(mask.Set)
	s.Add(values...)
	return s
}

func TestATextIsWithoutItsSecrets(t *testing.T) {
	for _, c := range []struct {
		what         string
		secrets      []string
		text, masked string
	}{
		{"one", []string{"hunter2"}, "password hunter2!", "password ***!"},
		{"several", []string{"hunter2", "s3cret"}, "hunter2 s3cret hunter2", "*** *** ***"},
		{"the longest", []string{"abcd", "abcdefgh"}, "abcdefgh abcd", "*** ***"},
		{"one inside another", []string{"bcde", "abcdef"}, "xabcdefx", "x***x"},
		{"overlapping", []string{"abcdef", "defghi"}, "xabcdefghix", "x***x"},
		{"overlapping itself", []string{"abab1abab"}, "abab1abab1abab", "***"},
		{"a chain", []string{"aaaa"}, "baaaaaaaab", "b***b"},
		{"side by side", []string{"abcd"}, "abcdabcd", "******"},
		{"three characters", []string{"abc", "äöü", "x"}, "abc äöü x", "abc äöü x"},
		{"four characters", []string{"äöüß"}, "äöüß", "***"},
		{"blank", []string{"     ", "\n\n\n\n"}, "a     b\n\n\n\n", "a     b\n\n\n\n"},
		{"each line of several", []string{"-----BEGIN\nc2VjcmV0\nx\r\n-----END"}, "c2VjcmV0, x, -----END", "***, x, ***"},
		{"lines of JSON", []string{"{\n    \"inner\": {\n\t\"key\": \"s3cret\"\n    }\n}"}, "if {\n    {\n    }\n\t}, \"key\": \"s3cret\"", "if {\n    {\n    }\n\t}, ***"},
		{"its own replacement", []string{"****"}, "****", "***"},
		{"none", nil, "hunter2", "hunter2"},
	} {
		s := setOf(c.secrets...)
		if got := s.Text(c.text); got != c.masked {
			t.Errorf("%s: %q, want %q", c.what, got, c.masked)
		}
		if got := s.Bytes([]byte(c.text)); string(got) != c.masked {
			t.Errorf("%s, as bytes: %q, want %q", c.what, got, c.masked)
		}
	}
}

func TestAValueIsSecretUntilAllHaveReleasedIt(t *testing.T) {
	s := new(mask.Set)
	one := s.Add("hunter2")
	two := s.Add("hunter2", "s3cret")
	one()
	one()
	if got := s.Text("hunter2 s3cret"); got != "*** ***" {
		t.Error(got)
	}
	three := s.Add("hunter22") // shares its spellings in part
	two()
	if got := s.Text("hunter2 hunter22 s3cret"); got != "hunter2 *** s3cret" {
		t.Error(got)
	}
	three()
	if got := s.Text("hunter22"); got != "hunter22" || !s.Empty() {
		t.Error(got)
	}
}

func TestANilSetIsEmpty(t *testing.T) {
	var s *mask.Set
	s.Add("hunter2")()
	if !s.Empty() || s.Text("hunter2") != "hunter2" || string(s.Bytes([]byte("hunter2"))) != "hunter2" || string(s.JSON([]byte(`"hunter2"`))) != `"hunter2"` {
		t.Error("it masks")
	}
	stream := mask.Stream{Set: s}
	var got string
	keep := func(kind string, data []byte) error { got += kind + string(data); return nil }
	if err := stream.Event("line", []byte(`{"line":"x","part":1}`), keep); err != nil || got != `line{"line":"x","part":1}` || stream.Release(keep) != nil {
		t.Errorf("%q %v", got, err)
	}
}

func TestWhatHoldsNoSecretIsNotCopied(t *testing.T) {
	s := setOf("hunter2", "s3cret")
	text := []byte(`{"line":"Step 1/3 : FROM nginx:alpine"}`)
	if got := s.Bytes(text); &got[0] != &text[0] {
		t.Error("bytes are copied")
	}
	if got := s.JSON(text); &got[0] != &text[0] {
		t.Error("JSON is copied")
	}
	if n := testing.AllocsPerRun(100, func() { s.Bytes(text); s.JSON(text) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestASetIsUsedByManyAtOnce(t *testing.T) {
	s := setOf("always1")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 200 {
				release := s.Add("hunter2", "s3cret")
				if got := s.Text("always1 hunter2"); got != "*** ***" {
					t.Error(got)
				}
				release()
			}
		})
		all.Go(func() {
			for range 200 {
				if got := s.Text("always1"); got != "***" {
					t.Error(got)
				}
			}
		})
	}
	all.Wait()
	if got := s.Text("always1 hunter2"); got != "*** hunter2" {
		t.Error(got)
	}
}
