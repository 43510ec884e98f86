package http

import (
	"fmt"
	"strings"
)

// outputInfo is what the answers of tasks with an output have of it.
type outputInfo struct {
	Logs   string `json:"logs" description:"the output, a line for each thing that was done; of a very long one the end"`
	Cut    bool   `json:"logs_truncated,omitempty" description:"whether the output's beginning is left out"`
	TaskID string `json:"task_id" description:"the task's events are the topic tasks/ID"`
}

// info is a job's output, as answers have it.
func (j *job[R]) info(s *Server) outputInfo {
	text, cut := j.output(s)
	return outputInfo{text, cut, j.ID()}
}

// mostOutput is how many bytes of a task's lines an answer holds.
const mostOutput = 8 << 20

// output is what the task has written, each line with its end. Of a very long one
// it is the last mostOutput bytes, or what the topic's history still has, with a
// first line that says how much is missing, and cut is true.
func (j *job[R]) output(s *Server) (text string, cut bool) {
	lines := s.lastLines(j.Snapshot(), 1_000_000)
	first, size := len(lines), 0
	for first > 0 && size+len(lines[first-1])+1 <= mostOutput {
		first--
		size += len(lines[first]) + 1
	}
	var b strings.Builder
	if missing := int(j.told.lines.Load()) - (len(lines) - first); missing > 0 {
		cut = true
		fmt.Fprintf(&b, "--- %d earlier lines are left out; what is kept of them is in /stream/tasks/%s\n", missing, j.ID())
	}
	for _, line := range lines[first:] {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String(), cut
}
