package http

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"unicode/utf8"

	gosse "github.com/tmaxmax/go-sse"

	"hub/internal/broker"
)

// Whatever a client sends, the frame reader gives out whole messages of UTF-8
// within the limit, or says with which code to close; it never panics.
func FuzzFrameReader(f *testing.F) {
	f.Add(masked(0x81, "ping"))
	f.Add(append(masked(0x01, "pi"), masked(0x80, "ng")...))
	f.Add(append(masked(0x01, "0123456789"), "\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff1234"...))
	f.Add(append(masked(0x89, "x"), masked(0x88, "\x03\xe8")...))
	f.Add([]byte("\x81\xfe\x00\x7e"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := frameReader{in: bufio.NewReader(bytes.NewReader(data)), control: func(op byte, payload []byte) error {
			if op < opClose || len(payload) > mostControl {
				t.Fatalf("control frame %d of %d bytes", op, len(payload))
			}
			return nil
		}}
		for {
			message, err := r.next()
			if err == nil {
				if len(message) > mostMessage || !utf8.Valid(message) {
					t.Fatalf("a message of %d bytes: %.100q", len(message), message)
				}
				continue
			}
			var refusal *closeError
			if !errors.As(err, &refusal) && !errors.Is(err, errClosed) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("an error of another kind: %v", err)
			}
			if refusal != nil && len(refusal.reason) > mostControl-2 {
				t.Fatalf("a reason of %d bytes", len(refusal.reason))
			}
			return
		}
	})
}

// A command is understood or refused, and both can be answered.
func FuzzCommand(f *testing.F) {
	for _, text := range []string{"sub ci/1 10m", "unsub *", "ping", "help", "", `{"op":"sub","topics":["a"],"since":"all","tail":1,"types":["line"],"ref":{"a":1}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cmd, err := parseCommand(text)
		var answer []byte
		if err != nil {
			answer = message("error", map[string]any{"detail": err.Error(), "ref": cmd.Ref})
		} else {
			answer = message("ok", map[string]any{"op": cmd.Op, "topics": cmd.Topics, "ref": cmd.Ref})
		}
		if !json.Valid(answer) || bytes.ContainsAny(answer, "\r\n") {
			t.Fatalf("%q is answered by %q", text, answer)
		}
	})
}

// Another author's parser reads of the SSE framing exactly what was put in.
func FuzzSSE(f *testing.F) {
	f.Add("line", "plain")
	f.Add("end", "data: x\n\nevent: gap\rid: 7\x00\u2028")
	f.Fuzz(func(t *testing.T, kind, text string) {
		b := broker.New(broker.Options{})
		text = string(bytes.ToValidUTF8([]byte(text), nil))
		data, err := json.Marshal(map[string]string{"line": text})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Publish("t", kind, data); err != nil {
			return // a bad kind, or too large
		}
		sub, err := b.Subscribe(broker.Request{Topics: []string{"t"}, Start: broker.All, Once: true})
		if err != nil {
			t.Fatal(err)
		}
		e := sub.Next(make([]broker.Event, 0, 1), 1<<20)[0]
		wire := appendRetry(nil, 2000)
		wire = sse{}.message(wire, "hello", message("hello", text))
		wire = sse{}.event(wire, &e)
		var got []gosse.Event
		for event, err := range gosse.Read(bytes.NewReader(wire), &gosse.ReadConfig{MaxEventSize: 1 << 20}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, event)
		}
		if len(got) != 2 || got[0].Type != "hello" || got[0].LastEventID != "" || got[0].Data != string(message("hello", text)) {
			t.Fatalf("%q is read as %+v", wire, got)
		}
		named := ""
		if kind == broker.KindEnd || kind == broker.KindGap {
			named = kind
		}
		if got[1].Type != named || got[1].LastEventID != b.ID(e.Seq) || got[1].Data != string(e.JSON()) {
			t.Fatalf("%q is read as %+v", wire, got[1])
		}
		var object event
		if err := json.Unmarshal([]byte(got[1].Data), &object); err != nil || object.Data.Line != text {
			t.Fatalf("%q holds %q, %v", got[1].Data, object.Data.Line, err)
		}
	})
}

// Text is never without an end, and a message of a WebSocket is never empty.
func FuzzText(f *testing.F) {
	f.Add("line", `{"line":""}`, true)
	f.Add("progress", `{"line":"1%","redraw":true}`, false)
	f.Add("end", `{"status":"error","error":"a\nb"}`, true)
	f.Add("end", `{"stAtus":"0\n0"}`, false)
	f.Add("gap", `{"count":1}`, false)
	f.Add("note", `{"a\nb":[{}],"":""}`, true)
	f.Fuzz(func(t *testing.T, kind, data string, named bool) {
		if !json.Valid([]byte(data)) || !utf8.ValidString(data) {
			return
		}
		b := broker.New(broker.Options{})
		if _, err := b.Publish("t", kind, []byte(data)); err != nil {
			return
		}
		sub, err := b.Subscribe(broker.Request{Topics: []string{"t"}, Start: broker.All, Once: true})
		if err != nil {
			t.Fatal(err)
		}
		e := sub.Next(make([]broker.Event, 0, 1), 1<<20)[0]
		frame := webSocketText{&printer{named: named}}.event(nil, &e)
		if op, payload, err := readFrame(bufio.NewReader(bytes.NewReader(frame))); err != nil || op != opText || len(payload) == 0 || !utf8.Valid(payload) {
			t.Fatalf("%s %s is the frame %q", kind, data, frame)
		}
		text := plain{&printer{named: named}}.event(nil, &e)
		if _, isLine := lineOf(&e); !isLine && (bytes.Count(text, []byte("\n")) != 1 || text[len(text)-1] != '\n') {
			t.Fatalf("%s %s is the text %q", kind, data, text)
		}
	})
}
