package docker

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// names of a list, folders with a slash, links with where they lead.
func (l FileList) lines() []string {
	var lines []string
	for _, e := range l.Entries {
		line := fmt.Sprintf("%s %d %o", e.Name, e.Size, e.Mode)
		if e.Folder {
			line = e.Name + "/"
		} else if e.Link != "" {
			line = e.Name + " -> " + e.Link
		}
		lines = append(lines, line)
	}
	return lines
}

func (b *box) list(path string, depth int) []string {
	b.Helper()
	list, err := b.e.ListFiles(b.Context(), b.name, path, depth)
	if err != nil {
		b.Fatal(err)
	}
	return list.lines()
}

func TestAListBeginsWithThePathItselfAndGoesAsDeepAsAsked(t *testing.T) {
	t.Parallel()
	b := runningBox(t)
	b.sh("mkdir -p '/tmp/top/a b/deep'; echo 12345 >/tmp/top/f; chmod 4711 /tmp/top/f; ln /tmp/top/f /tmp/top/second; ln -s /etc/none /tmp/top/link; touch '/tmp/top/a b/deep/-x'; mkfifo /tmp/top/pipe; ln -s top /tmp/l")
	whole := []string{"top/", "top/a b/", "top/a b/deep/", "top/a b/deep/-x 0 644", "top/f 6 4711", "top/link -> /etc/none", "top/pipe 0 644", "top/second 6 4711"}
	for depth, want := range map[int][]string{
		-1: whole, 9: whole, 0: whole[:1], 1: {whole[0], whole[1], whole[4], whole[5], whole[6], whole[7]}, 2: append(slices.Clone(whole[:3]), whole[4:]...),
	} {
		for _, path := range []string{"/tmp/top", "/tmp/top/"} {
			if diff := cmp.Diff(want, b.list(path, depth)); diff != "" {
				t.Errorf("%s, depth %d: %s", path, depth, diff)
			}
		}
	}
	if diff := cmp.Diff([]string{"l/", "l/f 6 4711"}, []string{b.list("/tmp/l", 1)[0], b.list("/tmp/l", 1)[2]}); diff != "" {
		t.Errorf("a link at the path is followed: %s", diff)
	}
	if got := b.list("/tmp/top/f", -1); !slices.Equal(got, []string{"f 6 4711"}) {
		t.Errorf("a file: %q", got)
	}
	list, err := b.e.ListFiles(t.Context(), b.name, "/tmp/l", 0)
	if err != nil || list.Stat.LinkTarget != "/tmp/top" || list.Stat.Name != "l" || time.Since(list.Entries[0].Mtime) > time.Hour {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestTheRootOfAStoppedContainerWithoutAShellIsListed(t *testing.T) {
	t.Parallel()
	b := bareBox(t)
	got := b.list("/", -1)
	if got[0] != "//" || !slices.Contains(got, "/data/") || !slices.Contains(got, "/data/greeting 5 755") {
		t.Errorf("%q", got)
	}
}

// However large what lies there is, little of it is read and none is kept.
func TestAListIsBoundedInEntriesAndInWhatIsReadForIt(t *testing.T) {
	b := runningBox(t)
	b.sh(`mkdir /tmp/huge /tmp/many /tmp/fits; mkdir /tmp/sum; truncate -s 1025M /tmp/huge/a; truncate -s 30M /tmp/fits/a; truncate -s 33M /tmp/fits/b; truncate -s 40M /tmp/sum/a; truncate -s 40M /tmp/sum/b
		i=0; while [ $i -lt 10000 ]; do echo $i; i=$((i+1)); done | (cd /tmp/many; xargs touch)`)
	peak, stop := peakHeap()
	began := time.Now()
	_, err := b.e.ListFiles(t.Context(), b.name, "/tmp/huge", -1)
	wants(t, err, ErrTooLarge, "over 64 MiB", "list a folder below it")
	_, err = b.e.ListFiles(t.Context(), b.name, "/tmp/huge", 1)
	wants(t, err, ErrTooLarge, "over 1024 MiB")
	_, err = b.e.ListFiles(t.Context(), b.name, "/tmp/sum", -1)
	wants(t, err, ErrTooLarge, "over 64 MiB")
	if got := b.list("/tmp/sum", 1); len(got) != 3 {
		t.Errorf("%q", got)
	}
	stop()
	if grown := <-peak; grown > 32<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
	if took := time.Since(began); took > 2*listTime {
		t.Errorf("it took %s", took)
	}
	_, err = b.e.ListFiles(t.Context(), b.name, "/tmp/many", -1)
	wants(t, err, ErrTooLarge, "more than 10000 entries")
	if n := len(b.list("/tmp/many", 0)); n != 1 {
		t.Errorf("%d entries", n)
	}
	if got := b.list("/tmp/fits", -1); len(got) != 3 {
		t.Errorf("%q", got)
	}
	b.released()
}

// released fails the test unless the engine has let go of the container, which it
// holds while it sends files.
func (b *box) released() {
	b.Helper()
	held := make(chan error, 1)
	go func() {
		_, err := b.api.ContainerInspect(b.Context(), b.name)
		held <- err
	}()
	select {
	case err := <-held:
		if err != nil {
			b.Error(err)
		}
	case <-time.After(5 * time.Second):
		b.Error("the engine holds the container")
	}
}

// peakHeap measures how much the heap grows until stop.
func peakHeap() (grown <-chan uint64, stop func()) {
	out, end := make(chan uint64, 1), make(chan struct{})
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	runtime.GC()
	before := heap()
	go func() {
		most := before
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			select {
			case <-tick.C:
				most = max(most, heap())
			case <-end:
				tick.Stop()
				out <- max(most, heap()) - before
				return
			}
		}
	}()
	return out, func() { close(end) }
}

func TestEntriesStayBelowThePathWhateverTheySayOfThemselves(t *testing.T) {
	for _, c := range []struct{ root, name, want string }{
		{"/etc", "etc/", "etc"}, {"/etc", "etc/hosts", "etc/hosts"}, {"/etc", "etc/../../x", "etc"}, {"/etc", "/etc/a/../../../b/c", "etc/c"},
		{"/etc", "../../x/y", "etc/y"}, {"/", "/", "/"}, {"/", "/bin/ls", "/bin/ls"}, {"/", "../../x", "/x"}, {"/a/b", "b//c/./d", "b/c/d"},
	} {
		if got := below(baseOf(c.root), inside(c.root, c.name)); got != c.want {
			t.Errorf("%q below %q: %q, want %q", c.name, c.root, got, c.want)
		}
	}
}

func FuzzEntriesStayBelowThePath(f *testing.F) {
	f.Add("/etc", "etc/../../x")
	f.Add("/", "/../bin")
	f.Fuzz(func(t *testing.T, root, name string) {
		root, err := checkPath(root)
		if err != nil {
			return
		}
		for _, base := range []string{baseOf(root), tarBase(root)} {
			got := below(base, inside(root, name))
			if got != base && !strings.HasPrefix(got, strings.TrimSuffix(base, "/")+"/") || hasDotDot(strings.TrimPrefix(got, base)) {
				t.Errorf("%q of %q: %q", name, root, got)
			}
		}
	})
}
