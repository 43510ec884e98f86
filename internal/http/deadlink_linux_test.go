package http

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hub/internal/broker"
)

const inOwnNetwork = "HUB_TEST_IN_ITS_OWN_NETWORK"

// A link that dies without a word, idle or with something to take, is noticed
// within 45 s on every transport. The test runs itself again in a network of its
// own, which goes with the process.
func TestADeadLinkIsNoticedWithin45Seconds(t *testing.T) {
	t.Parallel() // it waits most of the time
	if os.Getenv(inOwnNetwork) != "" {
		deadLink(t)
		return
	}
	again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), inOwnNetwork+"=1")
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		again.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		again.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		again.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := again.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

// ip runs iproute2 in the network of the calling thread.
func ip(t *testing.T, words string) {
	if out, err := exec.Command("ip", strings.Fields(words)...).CombinedOutput(); err != nil {
		t.Errorf("ip %s: %v %s", words, err, out)
	}
}

// farAway is a network at the other end of a cable. What is sent to it runs on a
// thread that lives there.
func farAway(t *testing.T) (do func(func())) {
	jobs, ready := make(chan func()), make(chan int)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			t.Errorf("cannot make a network: %v", err)
		}
		ready <- unix.Gettid()
		for job := range jobs {
			job()
			ready <- 0
		}
	}()
	t.Cleanup(func() { close(jobs) })
	ip(t, "link set lo up")
	ip(t, fmt.Sprintf("link add near type veth peer name far netns %d", <-ready))
	ip(t, "addr add 10.99.0.1/24 dev near")
	ip(t, "link set near up")
	do = func(job func()) { jobs <- job; <-ready }
	do(func() {
		ip(t, "addr add 10.99.0.2/24 dev far")
		ip(t, "link set far up")
	})
	return do
}

func deadLink(t *testing.T) {
	do := farAway(t)
	h := startHubAt(t, "10.99.0.1:0", Options{}, broker.Options{Default: broker.Policy{MaxEvents: 100}})
	h.lines("idle", 1, 1)
	h.lines("busy", 1, 1)
	streams := 0
	do(func() {
		for _, topic := range []string{"idle", "busy"} {
			for transport, text := range waiting(topic) {
				if topic == "busy" && transport == "page" {
					continue
				}
				c, err := net.Dial("tcp", h.addr)
				if err != nil {
					t.Error(err)
					return
				}
				t.Cleanup(func() { c.Close() })
				text = strings.Replace(text, "Host: localhost", "Host: 10.99.0.1", 1)
				_, _ = io.WriteString(c, strings.ReplaceAll(text, "\n", "\r\n"))
				if transport != "page" {
					if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, " 200 ") && !strings.Contains(line, " 101 ") {
						t.Errorf("%s: %q, %v", transport, line, err)
					}
				}
				streams++
			}
		}
	})
	left := func(topic string) int { return h.broker.Topics(topic)[0].Readers }
	h.await(5*time.Second, "all are there", func() bool { return left("idle") == 5 && left("busy") == 4 })
	time.Sleep(time.Second) // so that all that was sent is taken
	began := time.Now()
	do(func() { ip(t, "link set far down") })
	for left("idle")+left("busy") > 0 && time.Since(began) < time.Minute {
		h.publish("busy", "line", `{"line":"`+strings.Repeat("x", 1000)+`"}`)
		time.Sleep(100 * time.Millisecond)
		if left("busy") == 0 && streams > 0 {
			t.Logf("those with something to take were gone after %v", time.Since(began).Round(time.Second))
			streams = 0
		}
	}
	took := time.Since(began)
	t.Logf("all were gone after %v", took.Round(time.Second))
	if took > 45*time.Second {
		t.Errorf("%d idle and %d busy ones were there after 45 s", left("idle"), left("busy"))
	}
}
