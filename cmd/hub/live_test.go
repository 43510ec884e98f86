package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// build is a command that says something for two seconds, and what it says.
const build = `i=1; while [ $i -le 400 ]; do echo "line $i: <&> é"; i=$((i+1)); [ $((i % 20)) = 0 ] && sleep 0.1; done; echo warning >&2; printf 'no newline'`

func builds() (lines []string) {
	for i := range 400 {
		lines = append(lines, fmt.Sprintf("line %d: <&> é", i+1))
	}
	return append(lines, "warning", "no newline")
}

func TestAPipedCommandIsLiveAndIdenticalEverywhere(t *testing.T) {
	h := startProgram(t)
	lines := builds()
	var readers sync.WaitGroup

	// Each reader begins at another moment, is cut off again and again, and goes on over the next transport.
	transports := []string{"sse", "ws", "page", "ndjson"}
	live := make([]chan struct{}, len(transports)) // closed when the reader has its first line
	histories := make([][]event, len(transports))
	reader := func(i int) {
		live[i] = make(chan struct{})
		readers.Go(func() {
			id := ""
			for leg := 0; ; leg++ {
				left := 30 + 40*leg + 7*i
				done, err := h.follow(transports[(i+leg)%len(transports)], "ci/1", id, func(e event) bool {
					if len(histories[i]) == 0 {
						close(live[i])
					}
					histories[i] = append(histories[i], e)
					id, left = e.ID, left-1
					return left > 0
				})
				if err != nil {
					t.Error(err)
				}
				if done || err != nil {
					return
				}
			}
		})
	}
	texts := make([]*bytes.Buffer, 3)
	text := func(i int) {
		texts[i] = &bytes.Buffer{}
		curl := exec.CommandContext(t.Context(), "curl", "-sN", h.url+"/stream/ci/1")
		curl.Stdout = texts[i]
		readers.Go(func() {
			if err := curl.Run(); err != nil {
				t.Errorf("curl -N: %v", err)
			}
		})
	}

	reader(0)
	text(0)
	publisher := exec.CommandContext(t.Context(), "sh", "-c", `{ `+build+`; } 2>&1 | curl -NsT - '`+h.url+`/stream/ci/1?end=completed&exit_code=0'`)
	var answer bytes.Buffer
	publisher.Stdout = &answer
	if err := publisher.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- publisher.Wait() }()
	for i := 1; i < len(transports); i++ {
		select { // the one before is live, long before the command is done
		case <-live[i-1]:
		case err := <-ended:
			t.Fatalf("the command ended before its first line was read: %v", err)
		}
		reader(i)
		if i < len(texts) {
			text(i)
		}
	}
	if err := <-ended; err != nil || !strings.HasPrefix(answer.String(), fmt.Sprintf(`{"published":%d,`, len(lines))) {
		t.Errorf("the publisher: %v, %s", err, &answer)
	}
	readers.Wait()
	for i, history := range histories {
		everyLineOnce(t, "the reader that began with "+transports[i], history, lines)
	}
	for i, text := range texts {
		if want := strings.Join(lines, "\n") + "\n--- end: completed, exit code 0\n"; text.String() != want {
			t.Errorf("curl -N, number %d, has %d bytes, want %d", i, text.Len(), len(want))
		}
	}
}
