package docker

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

// bigContext is a folder with a file of a size that takes no room on the disk.
func bigContext(t *testing.T, size int64) (top string) {
	t.Helper()
	top = files(t, map[string]string{"Dockerfile": "FROM scratch\nLABEL big=yes\n", "big": ""})
	if err := os.Truncate(filepath.Join(top, "big"), size); err != nil {
		t.Fatal(err)
	}
	return top
}

func TestABigContextGoesToTheEngineWithoutMemoryAndWithProgress(t *testing.T) {
	const size = 300 << 20
	e := builder(t)
	top := bigContext(t, size)
	var h heard
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	made(t, e, BuildSpec{Folder: top}, &h)
	took := time.Since(begun)
	runtime.ReadMemStats(&now)
	if grown := now.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
		t.Errorf("%d bytes were allocated", grown)
	}
	all := h.progress(t)
	if most := int(took/progressEvery) + 1; len(all) > most {
		t.Errorf("%d progress events in %v", len(all), took)
	}
	if last := h.last(t); last.Percent != 100 || last.Current < size || last.Current != last.Total {
		t.Errorf("%+v", last)
	}
}

func TestABuildThatIsOverInAMomentHasOneProgress(t *testing.T) {
	e := builder(t)
	var h heard
	begun := time.Now()
	made(t, e, BuildSpec{Inline: "FROM " + dockertest.Base + "\nLABEL in=moment"}, &h)
	if all, most := h.progress(t), int(time.Since(begun)/progressEvery)+1; len(all) == 0 || len(all) > most {
		t.Errorf("%d events, want %d at most: %+v", len(all), most, all)
	}
}
