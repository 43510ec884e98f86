package docker

import (
	"io"
	"strings"
)

// transfer says what the engine tells of a pull or a push, and takes it to its
// end. What has no layer, or ends one, is a line, as the docker command prints
// them where it has no terminal; the rest is progress.
type transfer struct {
	layers
	*report
	scrub func(string) string
}

func newTransfer(to Publisher, c credential) *transfer {
	t := &transfer{scrub: c.scrub}
	t.report = newReport(to, t.layers.progress)
	return t
}

// follow takes the stream; each message is seen before it is said.
func (t *transfer) follow(stream io.ReadCloser, see func(message)) error {
	defer stream.Close()
	return eachMessage(stream, func(m message) {
		see(m)
		t.say(m)
	})
}

func (t *transfer) say(m message) {
	text := m.Status + strings.TrimSuffix(m.Stream, "\n")
	switch {
	case text == "":
		return
	case m.ID == "":
		t.line(t.scrub(text))
		return
	case !strings.HasPrefix(text, "Pulling from "): // which has a tag there
		t.change(func() { t.take(m) })
		if stepOf(text).quiet {
			return
		}
	}
	t.line(t.scrub(m.ID + ": " + text))
}
