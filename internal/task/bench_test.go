package task_test

import (
	"context"
	"testing"

	"hub/internal/task"
)

// nowhere is a Publisher that takes no time.
type nowhere struct{}

func (nowhere) Publish(string, string, []byte) (uint64, error) { return 1, nil }

// BenchmarkPublish is what a task adds to the cost of each of its lines.
func BenchmarkPublish(b *testing.B) {
	r := task.New(task.Options{Publisher: nowhere{}})
	data := []byte(`{"stream":"stdout","line":"Step 1/3 : FROM nginx:alpine"}`)
	k, err := r.Start(task.Spec{Type: "t", Run: func(_ context.Context, k *task.Task) (task.Outcome, error) {
		b.ReportAllocs()
		for b.Loop() {
			k.Publish("line", data)
		}
		return task.Outcome{}, nil
	}})
	if err != nil {
		b.Fatal(err)
	}
	<-k.Done()
}

// BenchmarkCommand is a shell command from its start to its end: one of a million lines, and the least that one costs.
func BenchmarkCommand(b *testing.B) {
	for name, cmd := range map[string]string{"a million lines": "seq 1000000", "nothing": ":"} {
		b.Run(name, func(b *testing.B) {
			r := task.New(task.Options{Publisher: nowhere{}})
			spec, err := task.Command{Cmd: cmd}.Spec()
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				k, err := r.Start(spec)
				if err != nil {
					b.Fatal(err)
				}
				<-k.Done()
			}
		})
	}
}
