package docker

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recording is a stream of an engine, from testdata: pull and push are those of a
// real one, the others are made up.
func recording(t *testing.T, name string) io.ReadCloser {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	return io.NopCloser(bytes.NewReader(data))
}

func TestThePercentageOfARecordedStreamNeverFallsAndComesToItsEndWithTheLastLayer(t *testing.T) {
	for _, name := range []string{"pull", "push", "late", "shrink"} {
		t.Run(name, func(t *testing.T) {
			var l layers
			before, moves := 0.0, 0
			err := eachMessage(recording(t, name), func(m message) {
				if m.ID == "" || strings.HasPrefix(m.Status, "Pulling from ") {
					return
				}
				l.take(m)
				p := l.progress()
				if p.Percent < before || p.Percent > nearly {
					t.Errorf("%v after %v, at %+v", p.Percent, before, m)
				}
				if p.Percent > before {
					moves++
				}
				if p.Current > p.Total {
					t.Errorf("%d of %d bytes", p.Current, p.Total)
				}
				before = p.Percent
			})
			if err != nil || before < nearly-1e-6 {
				t.Errorf("ended at %v: %v", before, err)
			}
			if moves < 5 {
				t.Errorf("moved %d times only", moves)
			}
		})
	}
}

func TestALayerThatIsThereAlreadyIsDone(t *testing.T) {
	var l layers
	l.take(message{ID: "a", Status: "Already exists"})
	l.take(message{ID: "b", Status: "Pulling fs layer"})
	if p := l.progress(); p.Percent != 0 {
		t.Errorf("nothing was done, and the work is at %v", p.Percent)
	}
	l.take(message{ID: "b", Status: "Pull complete"})
	if p := l.progress(); p.Percent < nearly-1e-6 {
		t.Errorf("all layers are there, and the work is at %v", p.Percent)
	}
}

func TestAPullIsHalfDoneWhenAllIsDownloaded(t *testing.T) {
	var l layers
	m := message{ID: "a", Status: "Downloading"}
	m.Progress.Current, m.Progress.Total = 1000, 1000
	l.take(m)
	l.take(message{ID: "a", Status: "Download complete"})
	p := l.progress()
	if p.Percent < 49 || p.Percent > 51 || p.Current != 1000 || p.Total != 1000 {
		t.Errorf("%+v", p)
	}
}

func TestOnlyLayersThatChangedAreTold(t *testing.T) {
	var l layers
	l.take(message{ID: "a", Status: "Waiting"})
	l.take(message{ID: "b", Status: "Waiting"})
	if p := l.progress(); len(p.Layers) != 2 {
		t.Errorf("%+v", p.Layers)
	}
	l.take(message{ID: "b", Status: "Downloading"})
	if p := l.progress(); len(p.Layers) != 1 || p.Layers[0] != (Layer{ID: "b", Status: "Downloading"}) {
		t.Errorf("%+v", p.Layers)
	}
}

// Whatever an engine says, in whatever order and with whatever figures.
func TestThePercentageNeverFalls(t *testing.T) {
	words := []string{
		"Pulling fs layer", "Waiting", "Downloading", "Verifying Checksum", "Download complete", "Extracting", "Pull complete",
		"Already exists", "Preparing", "Pushing", "Pushed", "Layer already exists", "Mounted from x", "Retrying in 5 seconds", "Something new", "",
	}
	figures := []int64{-1 << 63, -1, 0, 1, 7, 1000, 1 << 30, 1 << 62, 1<<63 - 1}
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 0))
		var l layers
		before := 0.0
		for i := range 200 {
			m := message{ID: fmt.Sprint(random.IntN(1 + i/4)), Status: words[random.IntN(len(words))]}
			m.Progress.Current, m.Progress.Total = figures[random.IntN(len(figures))], figures[random.IntN(len(figures))]
			l.take(m)
			p := l.progress()
			if !(p.Percent >= before && p.Percent <= nearly) || p.Current < 0 || p.Current > p.Total {
				t.Fatalf("seed %d, message %d %+v: %+v after %v", seed, i, m, p, before)
			}
			before = p.Percent
		}
	}
}
