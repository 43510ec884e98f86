package http

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/broker"
)

// topicInfo is one entry of GET /topics.
type topicInfo struct {
	Topic   string     `json:"topic"`
	Readers int        `json:"readers"`
	Events  int        `json:"events" description:"how many are kept"`
	Bytes   int64      `json:"bytes" description:"of their JSON"`
	N       uint64     `json:"n" description:"number of the newest event"`
	First   string     `json:"first" description:"id of the oldest kept event"`
	Last    string     `json:"last" description:"id of the newest event"`
	Time    *time.Time `json:"time" description:"of the newest event"`
	Ended   bool       `json:"ended"`
	Latest  bool       `json:"latest" description:"a reader that falls behind gets the newest value next"`
}

// topicList is the answer of GET /topics.
type topicList struct {
	Topics []topicInfo `json:"topics"`
}

var topicsDoc = operation{
	query: []parameter{{"match", "ci/*", "Only those that a pattern fits; ** by itself."}},
	gives: topicList{[]topicInfo{{
		Topic: "ci/build-42", Readers: 2, Events: 57, Bytes: 6200, N: 57, First: "k7x2m-900", Last: "k7x2m-1042", Time: new(time.Date(2026, 11, 23, 20, 11, 47, 123e6, time.UTC)),
	}}},
	fails: []int{400},
}

// listTopics is GET /topics?match=PATTERN.
func (s *Server) listTopics(c *fiber.Ctx) error {
	q, err := parseQuery(c, []string{"match"})
	if err != nil {
		return err
	}
	pattern := cmp.Or(q.Get("match"), "**")
	if err := broker.CheckPattern(pattern); err != nil {
		return badRequest("%s", err)
	}
	topics := []topicInfo{}
	for _, i := range s.broker.Topics(pattern) {
		t := topicInfo{
			Topic: i.Topic, Readers: i.Readers, Events: i.Events, Bytes: i.Bytes, N: i.Last,
			First: i.FirstID, Last: i.LastID, Ended: i.Ended, Latest: i.Latest,
		}
		if !i.Time.IsZero() {
			at := i.Time.UTC()
			t.Time = &at
		}
		topics = append(topics, t)
	}
	slices.SortFunc(topics, func(a, b topicInfo) int { return cmp.Compare(a.Topic, b.Topic) })
	return c.JSON(topicList{topics})
}
