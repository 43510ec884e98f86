package broker

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// history is ten events of "a" and of "b" in turn, a second apart, seq 1 to 20;
// every third of "a" is of kind "stage".
func history(t *testing.T, o Options) (b *Broker, began time.Time) {
	b = New(o)
	began = time.Now()
	for i := range 10 {
		kind := "line"
		if i%3 == 0 {
			kind = "stage"
		}
		publishKind(t, b, "a", kind)
		publish(t, b, "b", 1)
		time.Sleep(time.Second)
	}
	return b, began
}

func TestStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, began := history(t, Options{})
		at := func(second int) time.Time { return began.Add(time.Duration(second) * time.Second) }
		for _, c := range []struct {
			what   string
			start  Start
			topics []string
			kinds  []string
			want   string
		}{
			{"all", All, []string{"a"}, nil, "a1 a2 a3 a4 a5 a6 a7 a8 a9 a10"},
			{"the default is all", Start{}, []string{"a"}, nil, "a1 a2 a3 a4 a5 a6 a7 a8 a9 a10"},
			{"now", Now, []string{"a"}, nil, ""},
			{"after", After(b.ID(15)), []string{"a"}, nil, "a9 a10"},
			{"after an id of another topic", After(b.ID(16)), []string{"a"}, nil, "a9 a10"},
			{"after, several topics in one order", After(b.ID(15)), []string{"a", "b"}, nil, "b8 a9 b9 a10 b10"},
			{"since, its own moment included", Since(at(7)), []string{"a"}, nil, "a8 a9 a10"},
			{"since, a moment later", Since(at(7).Add(time.Millisecond)), []string{"a"}, nil, "a9 a10"},
			{"since long ago", Since(at(-1000)), []string{"a"}, nil, "a1 a2 a3 a4 a5 a6 a7 a8 a9 a10"},
			{"since the future", Since(at(1000)), []string{"a"}, nil, ""},
			{"tail", Tail(2), []string{"a"}, nil, "a9 a10"},
			{"tail of each topic", Tail(2), []string{"a", "b"}, nil, "a9 b9 a10 b10"},
			{"tail longer than there is", Tail(99), []string{"b"}, nil, "b1 b2 b3 b4 b5 b6 b7 b8 b9 b10"},
			{"tail of none", Tail(0), []string{"a"}, nil, ""},
			{"since narrowed by tail", Since(at(5)).Tail(2), []string{"a"}, nil, "a9 a10"},
			{"tail narrowed by since", Since(at(8)).Tail(5), []string{"a"}, nil, "a9 a10"},
			{"after narrowed by tail", After(b.ID(10)).Tail(1), []string{"a", "b"}, nil, "a10 b10"},
			{"tail counts the kinds asked for", Tail(2), []string{"a"}, []string{"stage"}, "a7 a10"},
			{"kinds", All, []string{"a"}, []string{"stage", "none"}, "a1 a4 a7 a10"},
			{"a pattern", Tail(1), []string{"*"}, nil, "a10 b10"},
			{"a name twice", Tail(1), []string{"a", "a"}, nil, "a10"},
			{"a name and a pattern that matches it", Tail(1), []string{"a", "*"}, nil, "a10 b10"},
		} {
			s := open(t, b, Request{Topics: c.topics, Start: c.start, Kinds: c.kinds})
			wants(t, c.what, next(t, s), c.want)
			wants(t, c.what+": at its end the position is the newest", s.Position(), b.ID(20))
		}
	})
}

// Each topic has the start that its policy says, for readers that say nothing.
func TestDefaultStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := history(t, Options{
			Rules:   []Rule{{"a", Policy{Start: Tail(3)}}, {"c/*", Policy{Start: Now}}},
			Default: Policy{Start: Tail(1)},
		})
		publish(t, b, "c/1", 2)
		s := subscribe(t, b, Start{}, "**")
		wants(t, "each its own", next(t, s), "a8 a9 a10 b10")
		publish(t, b, "c/1", 1)
		publish(t, b, "c/2", 2)
		wants(t, "later all", next(t, s), "c/13 c/21 c/22")
		wants(t, "who says all gets all", next(t, subscribe(t, b, All, "c/1")), "c/11 c/12 c/13")
	})
}

// What a start owes when part of it is gone: a gap for all and for an id,
// nothing for a tail, now or a time.
func TestWhatAStartOwes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, began := history(t, Options{Default: Policy{MaxEvents: 3}})
		for what, c := range map[string]struct {
			start Start
			want  string
		}{
			"all":                      {All, "gap(a 0-13 7 evicted)@13 a8 a9 a10"},
			"an id long gone":          {After(b.ID(4)), "gap(a 4-13 5 evicted)@13 a8 a9 a10"},
			"the last evicted":         {After(b.ID(13)), "a8 a9 a10"},
			"one before it":            {After(b.ID(12)), "gap(a 12-13 1 evicted)@13 a8 a9 a10"},
			"an id that is kept":       {After(b.ID(15)), "a9 a10"},
			"tail":                     {Tail(99), "a8 a9 a10"},
			"after an id, with a tail": {After(b.ID(4)).Tail(99), "a8 a9 a10"},
			"a time":                   {Since(began), "a8 a9 a10"},
			"now":                      {Now, ""},
		} {
			wants(t, what, next(t, subscribe(t, b, c.start, "a")), c.want)
		}
		wants(t, "kinds do not hide a gap", next(t, open(t, b, Request{Topics: []string{"a"}, Kinds: []string{"stage"}})), "gap(a 0-13 7 evicted)@13 a10")
	})
}

func TestBadSubscriptions(t *testing.T) {
	b := New(Options{})
	if _, err := b.Subscribe(Request{}); err == nil {
		t.Error("one without a topic was taken")
	}
	if _, err := b.Subscribe(Request{Topics: []string{"a", "b//"}}); !errors.Is(err, ErrBadName) {
		t.Error(err)
	}
	if len(b.selections) > 0 {
		t.Error("a refused one left something behind")
	}
}

func TestReadingMakesNoTopic(t *testing.T) {
	b := New(Options{})
	s := subscribe(t, b, All, "a")
	wants(t, "nothing", next(t, s), "")
	if b.Exists("a") || len(b.Topics("**")) > 0 {
		t.Error("there is a topic")
	}
}
