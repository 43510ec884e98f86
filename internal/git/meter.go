package git

import (
	"context"
	"io"
	"sync"
	"sync/atomic"

	"github.com/docker/go-units"
)

// meter stands at everything that a clone reads and writes: it ends the clone at
// its bounds, and nothing gets past it when its context has ended. go-git waits for
// a context in some places only.
type meter struct {
	ctx  context.Context
	end  context.CancelCauseFunc
	from address
	most int64

	received, kept, written atomic.Int64
	busy                    sync.RWMutex // held for reading by who is past the meter
}

// do runs f unless the clone has ended.
func (m *meter) do(f func() error) error {
	m.busy.RLock()
	defer m.busy.RUnlock()
	if m.ctx.Err() != nil {
		return context.Cause(m.ctx)
	}
	return f()
}

// settle waits for who is past the meter. Once the context has ended, nobody
// passes after it.
func (m *meter) settle() {
	m.busy.Lock()
	defer m.busy.Unlock()
}

// receive counts what a server sent, keep what was kept of it, which is all that
// is known of ssh, and write the bytes of files.
func (m *meter) receive(n int) error { return m.count(&m.received, n, "it sends more than %s") }
func (m *meter) keep(n int) error    { return m.count(&m.kept, n, "it sends more than %s") }
func (m *meter) write(n int) error   { return m.count(&m.written, n, "its files are more than %s") }

func (m *meter) count(sum *atomic.Int64, n int, why string) error {
	if sum.Add(int64(n)) > m.most {
		return m.refuse(why, units.BytesSize(float64(m.most)))
	}
	return nil
}

// refuse ends the clone: go-git may lose an error on its way, a context it cannot.
func (m *meter) refuse(format string, args ...any) error {
	err := fail(ErrRemote, "cannot clone %s: "+format, append([]any{m.from}, args...)...)
	m.end(err)
	return err
}

// meteredReader counts what a server sends.
type meteredReader struct {
	io.ReadCloser
	meter *meter
}

func (r *meteredReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if over := r.meter.receive(n); over != nil {
		return 0, over
	}
	return n, err
}
