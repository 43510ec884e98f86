package http

import (
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/gofiber/fiber/v2"
)

// hubFigures is the answer of GET /system/hub.
type hubFigures struct {
	Version       Version            `json:"version"`
	UptimeSeconds float64            `json:"uptime_seconds"`
	Streams       streamFigures      `json:"streams"`
	Readers       readerFigures      `json:"readers"`
	History       historyFigures     `json:"history"`
	Tasks         taskFigures        `json:"tasks"`
	Engine        EngineFigures      `json:"engine"`
	Forwarders    []ForwarderFigures `json:"forwarders"`
	Process       processFigures     `json:"process"`
}

// streamFigures counts the open streams by their transport.
type streamFigures struct {
	Open   int `json:"open"`
	Most   int `json:"most" description:"how many may be open; 0: no limit is known"`
	WS     int `json:"ws"`
	SSE    int `json:"sse"`
	NDJSON int `json:"ndjson"`
	Text   int `json:"text" description:"plain text over HTTP; over a WebSocket it counts there"`
}

// readerFigures are of all subscriptions, of which a WebSocket may have several.
type readerFigures struct {
	Total    int          `json:"total"`
	Behind   int          `json:"behind" description:"how many have events yet to take"`
	Lag      uint64       `json:"lag" description:"events that the slowest has yet to take"`
	TotalLag uint64       `json:"total_lag" description:"of all together"`
	Slowest  []slowReader `json:"slowest" description:"at most ten of those that are behind, the furthest first"`
}

type slowReader struct {
	Topics []string `json:"topics" description:"what it asked for"`
	Lag    uint64   `json:"lag"`
}

type historyFigures struct {
	Topics   int   `json:"topics"`
	Events   int   `json:"events" description:"how many are kept"`
	Bytes    int64 `json:"bytes" description:"of their JSON"`
	MaxBytes int64 `json:"max_bytes" description:"beyond which the oldest go"`
}

type taskFigures struct {
	Running int `json:"running"`
	Queued  int `json:"queued"`
}

// EngineFigures is how the hub stands with the Docker engine.
type EngineFigures struct {
	Connected bool   `json:"connected"`
	Version   string `json:"version,omitempty" description:"of the engine"`
	API       string `json:"api,omitempty" description:"version of the API that is spoken with it"`
	Reason    string `json:"reason,omitempty" description:"why not, in words"`
}

// ForwarderFigures are of one endpoint that hears of tasks.
type ForwarderFigures struct {
	Name         string     `json:"name" description:"as in /readyz: forwarding, webhook_1 and so on"`
	Endpoint     string     `json:"endpoint" description:"scheme and host; the rest may be secret"`
	Backlog      int        `json:"backlog" description:"events that wait"`
	BacklogBytes int64      `json:"backlog_bytes"`
	Delivered    uint64     `json:"delivered" description:"events"`
	GivenUp      uint64     `json:"given_up" description:"events"`
	Failing      bool       `json:"failing" description:"the newest try was no success"`
	LastError    string     `json:"last_error,omitempty"`
	LastErrorAt  *time.Time `json:"last_error_at"`
}

type processFigures struct {
	Goroutines int    `json:"goroutines"`
	HeapBytes  uint64 `json:"heap_bytes" description:"of living objects and those not yet collected"`
}

var hubFiguresDoc = operation{
	more: "The hub's own load: who reads, what is kept, how far the slowest reader is behind. It is cheap enough to be asked for each second.",
	gives: hubFigures{
		Version: versionDoc.gives.(Version), UptimeSeconds: 86400.5,
		Streams: streamFigures{Open: 3, Most: 1800, WS: 2, SSE: 1},
		Readers: readerFigures{Total: 7, Behind: 1, Lag: 120, TotalLag: 120, Slowest: []slowReader{{[]string{"ci/build-42"}, 120}}},
		History: historyFigures{Topics: 12, Events: 48_000, Bytes: 6_200_000, MaxBytes: 512 << 20},
		Tasks:   taskFigures{Running: 2},
		Engine:  EngineFigures{Connected: true, Version: "28.5.2", API: "1.51"},
		Forwarders: []ForwarderFigures{{
			Name: "webhook_1", Endpoint: "https://chat.example", Backlog: 2, BacklogBytes: 900, Delivered: 1042, Failing: true,
			LastError: "it answered 503", LastErrorAt: new(time.Date(2026, 11, 23, 20, 11, 47, 0, time.UTC)),
		}},
		Process: processFigures{Goroutines: 31, HeapBytes: 24 << 20},
	},
}

// hubFigures is GET /system/hub.
func (s *Server) hubFigures(c *fiber.Ctx) error {
	kept := s.broker.Figures()
	f := hubFigures{
		Version: s.version, UptimeSeconds: time.Since(s.made).Round(time.Millisecond).Seconds(),
		Streams: s.streams.figures(),
		Readers: readerFigures{kept.Readers, kept.Behind, kept.Lag, kept.TotalLag, []slowReader{}},
		History: historyFigures{kept.Topics, kept.Events, kept.Bytes, kept.MaxBytes},
		Engine:  s.engineFigures(), Forwarders: append([]ForwarderFigures{}, s.forwarderFigures()...),
		Process: processFigures{runtime.NumGoroutine(), heapBytes()},
	}
	f.Tasks.Running, f.Tasks.Queued = s.tasks.Count()
	for _, r := range kept.Slowest {
		f.Readers.Slowest = append(f.Readers.Slowest, slowReader{r.Topics, r.Lag})
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(f)
}

// figures counts what is open.
func (r *streams) figures() streamFigures {
	f := streamFigures{Most: r.most}
	for _, s := range r.list() {
		f.Open++
		switch s.framing.(type) {
		case webSocket, webSocketText, webSocketLines:
			f.WS++
		case sse:
			f.SSE++
		case ndjson:
			f.NDJSON++
		default:
			f.Text++
		}
	}
	return f
}

// heapBytes is read without stopping anybody, as runtime.ReadMemStats would.
func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
