package http

import (
	"bufio"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// visit is one client that goes again, politely or not, at a random moment.
func visit(addr, text string, random *rand.Rand) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := io.WriteString(c, text[:len(text)-random.IntN(2)*random.IntN(len(text))]); err != nil {
		return err
	}
	if random.IntN(4) > 0 {
		_ = c.SetReadDeadline(time.Now().Add(time.Duration(random.IntN(10)) * time.Millisecond))
		_, _ = bufio.NewReaderSize(c, 64).ReadString('\n')
	}
	if random.IntN(2) == 0 {
		_ = c.(*net.TCPConn).SetLinger(0) // a reset
	}
	return nil
}

func TestTenThousandVisitorsLeaveNothingBehind(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(200))
	h.lines("ci/1", 1, 100)
	var texts []string
	for _, text := range waiting("ci/1") {
		texts = append(texts, strings.ReplaceAll(text, "\n", "\r\n"))
	}
	texts = append(texts, texts[0]+string(masked(0x81, "sub ci/* all")), texts[0]+string(masked(0x88, "")))
	goroutines, files, bytes := runtime.NumGoroutine(), openFiles(t), heap()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				_, _ = h.broker.Publish("ci/1", "line", []byte(`{"line":"x"}`))
			}
		}
	}()
	const visitors = 20
	var group sync.WaitGroup
	for i := range visitors {
		group.Go(func() {
			random := rand.New(rand.NewPCG(3, uint64(i)))
			for range 10_000 / visitors {
				if err := visit(h.addr, texts[random.IntN(len(texts))], random); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	close(stop)
	<-stopped
	// The server's own idle workers go after some ten seconds.
	h.await(30*time.Second, "all is as before", func() bool {
		return h.readers("ci/1") == 0 && len(h.server.streams.list()) == 0 &&
			runtime.NumGoroutine() <= goroutines+10 && openFiles(t) <= files+5
	})
	if grown := heap() - bytes; grown > 10<<20 {
		t.Errorf("the heap grew by %d KiB", grown>>10)
	}
}
