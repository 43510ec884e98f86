package http

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hub/internal/broker"
)

const mostSubscriptions = 128 // of one connection

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

// run carries out one command and returns its answer, framed; "" where the
// answer was queued with the command's effect.
func (x *commands) run(text string) []byte {
	cmd, err := parseCommand(strings.TrimSpace(text))
	if err == nil {
		err = x.do(cmd)
	}
	if err == nil {
		return nil
	}
	return x.frame("error", map[string]any{"detail": err.Error(), "ref": cmd.Ref})
}

func (x *commands) frame(kind string, data any) []byte {
	return x.stream.framing.message(nil, kind, message(kind, data))
}

func (x *commands) do(cmd command) error {
	answer := map[string]any{"op": cmd.Op, "topics": cmd.Topics, "ref": cmd.Ref}
	switch cmd.Op {
	case "sub":
		return x.sub(cmd, answer)
	case "unsub":
		if len(cmd.Topics) == 0 {
			return errors.New("unsub needs a topic, as it was subscribed")
		}
		for _, topic := range cmd.Topics {
			if err := x.unsub(topic); err != nil {
				return err
			}
		}
	case "ping":
	case "help":
		answer["help"] = commandHelp
	default:
		return fmt.Errorf("unknown command %q, known are sub, unsub, ping, help", shorten(cmd.Op))
	}
	x.stream.say(x.frame("ok", answer))
	return nil
}

// sub adds a subscription; its ok goes out before its first event.
func (x *commands) sub(cmd command, answer any) error {
	tail := ""
	if cmd.Tail != nil {
		tail = strconv.Itoa(*cmd.Tail)
	}
	start, err := parseStart(cmd.Since, tail)
	if err != nil {
		return err
	}
	if len(cmd.Topics) == 0 {
		return errors.New("sub needs at least one topic, such as: sub ci/1")
	}
	s := x.stream
	s.mu.Lock()
	count := len(s.subs)
	s.mu.Unlock()
	if count >= mostSubscriptions || len(cmd.Topics) > mostTopics {
		return fmt.Errorf("at most %d subscriptions, of at most %d topics each, are allowed on one connection", mostSubscriptions, mostTopics)
	}
	sub, err := subscribe(x.broker, broker.Request{Topics: cmd.Topics, Start: start, Kinds: cmd.Types, Wake: s.wake})
	if err != nil {
		return err
	}
	ok := x.frame("ok", answer)
	s.mu.Lock()
	s.messages = append(s.messages, ok...)
	s.subs = append(slices.Clone(s.subs), sub)
	s.finite = false
	s.mu.Unlock()
	s.wake()
	return nil
}

// unsub ends what topic was subscribed as; a subscription to more than it goes
// on, from where it is, without it.
func (x *commands) unsub(topic string) error {
	s := x.stream
	s.mu.Lock()
	subs := s.subs
	s.mu.Unlock()
	var kept []*subscription
	for _, sub := range subs {
		rest := slices.DeleteFunc(slices.Clone(sub.request.Topics), func(t string) bool { return t == topic })
		switch {
		case len(rest) == len(sub.request.Topics):
			kept = append(kept, sub)
		case len(rest) == 0:
			sub.Close()
		default:
			again, err := x.narrow(sub, rest)
			if err != nil {
				return err
			}
			kept = append(kept, again)
		}
	}
	if len(kept) == len(subs) && slices.Equal(kept, subs) {
		return fmt.Errorf("%q is not subscribed", shorten(topic))
	}
	s.mu.Lock()
	s.subs = kept
	s.mu.Unlock()
	s.wake()
	return nil
}

// narrow is sub from where it is on, with fewer topics.
func (x *commands) narrow(sub *subscription, topics []string) (*subscription, error) {
	x.stream.reading.Lock() // so that its position is that of what is written
	defer x.stream.reading.Unlock()
	request := sub.request
	request.Topics, request.Start = topics, broker.After(sub.Position())
	sub.Close()
	return subscribe(x.broker, request)
}

// parseCommand reads words ("sub ci/1 10m") or a JSON object.
func parseCommand(text string) (cmd command, err error) {
	if strings.HasPrefix(text, "{") {
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&cmd); err != nil {
			return cmd, fmt.Errorf("cannot read the command: %s", strings.TrimPrefix(err.Error(), "json: "))
		}
		if d.More() {
			return cmd, errors.New("one command a message")
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
