package http

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"hub/internal/system"
)

func TestSystemRoutesAnswerForThisMachine(t *testing.T) {
	m := system.New(system.Options{})
	l := serveApp(t, appOptions{}, func(app *fiber.App) {
		app.Get("/system/info", infoHandler(func(context.Context) (system.Info, error) { return m.Info() }))
		app.Get("/system/usage", infoHandler(func(context.Context) (system.Usage, error) { return m.Usage(), nil }))
		app.Get("/system/top", topHandler(topOf(m)))
	})
	ask := func(path string, into any) int {
		t.Helper()
		r, body := answerTo(t, l.Addr().String(), request("GET "+path+" HTTP/1.1", "Host: localhost"))
		if err := json.Unmarshal([]byte(body), into); err != nil {
			t.Fatalf("%s: %v in %s", path, err, body)
		}
		return r.StatusCode
	}

	var info struct{ CPU struct{ Logical int } }
	if status := ask("/system/info", &info); status != 200 || info.CPU.Logical < 1 {
		t.Errorf("info: %d %+v", status, info)
	}
	var usage struct{ Memory struct{ Total uint64 } }
	if status := ask("/system/usage", &usage); status != 200 || usage.Memory.Total == 0 {
		t.Errorf("usage: %d %+v", status, usage)
	}
	for path, order := range map[string]func(a, b system.Process) bool{
		"/system/top?sort=memory&limit=3": func(a, b system.Process) bool { return a.RSS >= b.RSS },
		"/system/top?limit=3":             func(a, b system.Process) bool { return a.CPUPercent >= b.CPUPercent },
	} {
		var list []system.Process
		began := time.Now()
		if status := ask(path, &list); status != 200 || len(list) == 0 || len(list) > 3 || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %d %+v in %v", path, status, list, time.Since(began))
		}
		for i := 1; i < len(list); i++ {
			if !order(list[i-1], list[i]) {
				t.Errorf("%s: not the highest first: %+v", path, list)
			}
		}
	}
}

func topOf(m *system.Monitor) func(context.Context, string, int) ([]system.Process, error) {
	return func(ctx context.Context, sort string, limit int) ([]system.Process, error) {
		return m.Top(ctx, system.Sort(sort), limit)
	}
}

func TestSystemRoutesSayWhichParameterIsWrong(t *testing.T) {
	l := serveApp(t, appOptions{}, func(app *fiber.App) {
		app.Get("/system/top", topHandler(topOf(system.New(system.Options{}))))
		app.Get("/broken/top", topHandler(func(context.Context, string, int) (int, error) { return 0, errors.New("no /proc") }))
		app.Get("/broken/info", infoHandler(func(context.Context) (int, error) { return 0, errors.New("no /proc") }))
	})
	for path, loc := range map[string][]any{
		"/system/top?limit=ten": {"query", "limit"}, "/system/top?limit=0": {"query", "limit"}, "/system/top?limit=-1": {"query", "limit"},
		"/system/top?limit=99999999999999999999": {"query", "limit"}, "/system/top?sort=name": {"query", "sort"},
	} {
		r, body := answerTo(t, l.Addr().String(), request("GET "+path+" HTTP/1.1", "Host: localhost"))
		var got struct{ Detail []fault }
		if err := json.Unmarshal([]byte(body), &got); err != nil || r.StatusCode != 422 || len(got.Detail) != 1 || !cmp.Equal(got.Detail[0].Loc, loc) {
			t.Errorf("%s: %d %s", path, r.StatusCode, body)
		}
	}
	for _, path := range []string{"/broken/top", "/broken/info"} {
		if r, body := answerTo(t, l.Addr().String(), request("GET "+path+" HTTP/1.1", "Host: localhost")); r.StatusCode != 500 {
			t.Errorf("%s: %d %s", path, r.StatusCode, body)
		}
	}
}
