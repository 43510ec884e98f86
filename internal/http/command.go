package http

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"hub/internal/broker"
)

const (
	mostSubscriptions = 128 // of one connection
	mostRef           = 1 << 10
)

const commandHelp = "sub TOPIC… [since] — follow topics (since: an id, all, now, 10m, a time); unsub TOPIC; ping; help. " +
	`As JSON: {"op":"sub","topics":["ci/1"],"since":"all","tail":100,"types":["line"],"ref":1}`

// command is what a client asks for over its WebSocket, as words or as JSON.
type command struct {
	Op     string          `json:"op"`
	Topics []string        `json:"topics"`
	Since  string          `json:"since"`
	Tail   *int            `json:"tail"`
	Types  []string        `json:"types"`
	Ref    json.RawMessage `json:"ref"` // echoed in the answer
}

// commands carries out the commands of one connection.
type commands struct {
	stream *stream
	broker *broker.Broker
}

// run carries out one command and queues its answer.
func (x *commands) run(text string) {
	cmd, err := parseCommand(strings.TrimSpace(text))
	if err == nil {
		err = x.do(cmd)
	}
	if err != nil {
		x.stream.say(x.frame("error", map[string]any{"detail": err.Error(), "ref": cmd.Ref}), nil)
	}
}

func (x *commands) frame(kind string, data any) []byte {
	return x.stream.framing.message(nil, kind, message(kind, data))
}

func (x *commands) do(cmd command) (err error) {
	answer := map[string]any{"op": cmd.Op, "topics": append([]string{}, cmd.Topics...), "ref": cmd.Ref}
	var effect func()
	switch cmd.Op {
	case "sub":
		effect, err = x.sub(cmd)
	case "unsub":
		effect, err = x.unsub(cmd.Topics)
	case "ping":
	case "help":
		answer["help"] = commandHelp
	default:
		err = fmt.Errorf("unknown command %q, known are sub, unsub, ping, help", shorten(cmd.Op))
	}
	if err == nil {
		x.stream.say(x.frame("ok", answer), effect)
	}
	return err
}

// sub makes a subscription; the effect adds it.
func (x *commands) sub(cmd command) (effect func(), err error) {
	tail := ""
	if cmd.Tail != nil {
		tail = strconv.Itoa(*cmd.Tail)
	}
	start, err := parseStart(cmd.Since, tail)
	if err != nil {
		return nil, err
	}
	if err := checkKinds(cmd.Types); err != nil {
		return nil, err
	}
	if len(cmd.Topics) == 0 {
		return nil, errors.New("sub needs at least one topic, such as: sub ci/1")
	}
	s := x.stream
	if len(x.subs()) >= mostSubscriptions || len(cmd.Topics) > mostTopics {
		return nil, fmt.Errorf("at most %d subscriptions, of at most %d topics each, are allowed on one connection", mostSubscriptions, mostTopics)
	}
	sub, err := subscribe(x.broker, broker.Request{Topics: cmd.Topics, Start: start, Kinds: cmd.Types, Wake: s.wake})
	if err != nil {
		return nil, err
	}
	return func() {
		s.subs = append(slices.Clone(s.subs), sub)
		s.finite = false
	}, nil
}

func (x *commands) subs() []*subscription {
	x.stream.mu.Lock()
	defer x.stream.mu.Unlock()
	return x.stream.subs
}

// unsub ends what the topics were subscribed as; a subscription to more than
// these goes on, from where it is, without them.
func (x *commands) unsub(topics []string) (effect func(), err error) {
	if len(topics) == 0 {
		return nil, errors.New("unsub needs a topic, as it was subscribed")
	}
	subs := x.subs()
	for _, topic := range topics {
		if !slices.ContainsFunc(subs, func(sub *subscription) bool { return slices.Contains(sub.topics, topic) }) {
			return nil, fmt.Errorf("%q is not subscribed", shorten(topic))
		}
	}
	var kept []*subscription
	for _, sub := range subs {
		rest := slices.DeleteFunc(slices.Clone(sub.topics), func(t string) bool { return slices.Contains(topics, t) })
		if len(rest) == 0 {
			sub.Close()
			continue
		}
		kept = append(kept, sub)
		if len(rest) < len(sub.topics) {
			x.stream.reading.Lock()
			sub.Leave(topics...)
			x.stream.reading.Unlock()
			sub.topics = rest
		}
	}
	s := x.stream
	return func() {
		s.subs = kept
		s.finite = s.finite && len(kept) > 0 // who has left all its topics may ask for others
	}, nil
}

// parseCommand reads words ("sub ci/1 10m") or a JSON object.
func parseCommand(text string) (cmd command, err error) {
	if strings.HasPrefix(text, "{") {
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&cmd); err != nil {
			return command{}, fmt.Errorf("cannot read the command: %s", strings.TrimPrefix(err.Error(), "json: "))
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return command{}, errors.New("one command a message")
		}
		if len(cmd.Ref) > mostRef {
			return command{}, fmt.Errorf("a ref has at most %d bytes", mostRef)
		}
		return cmd, nil
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return cmd, errors.New("an empty command; try help")
	}
	cmd.Op, cmd.Topics = words[0], words[1:]
	if last := len(cmd.Topics) - 1; cmd.Op == "sub" && last > 0 && !strings.Contains(cmd.Topics[last], "/") {
		if _, err := parseSince(cmd.Topics[last]); err == nil {
			cmd.Since, cmd.Topics = cmd.Topics[last], cmd.Topics[:last]
		}
	}
	return cmd, nil
}
