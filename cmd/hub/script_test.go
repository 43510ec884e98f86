package main

import (
	"net"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"hub/internal/docker/dockertest"
)

func TestMain(m *testing.M) {
	testscript.Main(withEngine{m}, map[string]func(){"hub": main})
}

// withEngine ends the tests' Docker engine after them.
type withEngine struct{ m *testing.M }

func (w withEngine) Run() int { return dockertest.Main(w.m) }

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"occupy": occupy,
			"code":   code,
		},
	})
}

// occupy listens on a free port until the script ends: occupy VARIABLE sets VARIABLE to its address.
func occupy(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
	ts.Setenv(args[0], l.Addr().String())
}

// code runs a command that must end with an exit code: code 2 hub --zonk.
func code(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := err.(interface{ ExitCode() int }); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
