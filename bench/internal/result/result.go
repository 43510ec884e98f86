// Package result is what one measurement found, as `load -json` prints it and
// `run` reads it.
package result

// Result is one measurement. Fields that the scenario does not measure are 0.
type Result struct {
	Scenario  string `json:"scenario"`
	Server    string `json:"server"`
	Transport string `json:"transport"`
	Readers   int    `json:"readers"`
	Stalled   int    `json:"stalled,omitempty"` // readers beside them that never read

	Batch  int     `json:"batch,omitempty"`  // events in one POST
	Size   int     `json:"size,omitempty"`   // bytes of payload in one event
	Window int     `json:"window,omitempty"` // events ahead of the slowest reader
	Rate   float64 `json:"rate,omitempty"`   // events a second; 0 is flat out

	Published  int64   `json:"published,omitempty"`
	Deliveries int64   `json:"deliveries,omitempty"`
	Seconds    float64 `json:"seconds,omitempty"` // from the first publish to the last delivery
	PerSecond  float64 `json:"deliveries_per_s,omitempty"`

	Lost       int64  `json:"lost"`       // events skipped, over all readers
	Disordered int64  `json:"disordered"` // events that came again or too late
	Closed     int    `json:"closed"`     // readers the server closed
	Reason     string `json:"reason,omitempty"`

	P50  float64 `json:"p50_us,omitempty"` // latency from publish to delivery, microseconds
	P99  float64 `json:"p99_us,omitempty"`
	P999 float64 `json:"p999_us,omitempty"`
	Max  float64 `json:"max_us,omitempty"`

	CPUPerDelivery   float64 `json:"cpu_us_per_delivery,omitempty"` // the server's, user and system
	WirePerDelivery  float64 `json:"wire_bytes_per_delivery,omitempty"`
	EventsPerRead    float64 `json:"events_per_read,omitempty"`    // how many came with one read
	ServerBusy       float64 `json:"server_busy,omitempty"`        // share of one CPU
	ForeignBusy      float64 `json:"foreign_busy"`                 // what others took of the server's CPU
	ClientBusy       float64 `json:"client_busy,omitempty"`        // share of one CPU
	RSSPerConnection float64 `json:"rss_per_connection,omitempty"` // bytes
	PSSPerConnection float64 `json:"pss_per_connection,omitempty"`
	RSSGrowth        int64   `json:"rss_growth,omitempty"` // bytes, over the measured time
	IdleCPU          float64 `json:"idle_cpu,omitempty"`   // share of one CPU

	CaughtUp      float64 `json:"caught_up_ms,omitempty"`   // until the last late reader had all
	StalledClosed int     `json:"stalled_closed,omitempty"` // stalled readers the server gave up on
}
