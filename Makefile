# make run     start the hub
# make test    everything that must hold: format, vet, staticcheck, all tests with the race detector, the pages in Chromium
# make bench   the benchmarks beside the code, then the hub against a naive one and the floor
.PHONY: run build fmt lint test test-go test-web bench bench-code bench-hub setup

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)

run:
	go run ./cmd/hub

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/hub ./cmd/hub

fmt:
	gofmt -w cmd internal web bench

lint:
	@unformatted=$$(gofmt -l cmd internal web bench); if [ -n "$$unformatted" ]; then echo "not gofmt-ed, run make fmt: $$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

test: setup lint test-go test-web

test-go:
	go test -race -timeout 40m ./...

test-web:
	cd web && npm ci --no-audit --no-fund --silent && npm test

# What the tests need beside Go: curl, a C compiler for the race detector, Node.js and npm, Chromium, and ip for
# tests of dead links.
setup:
	@./scripts/setup

bench: bench-code bench-hub

bench-code:
	go test -run '^$$' -bench . -benchmem ./internal/...

bench-hub:
	go run ./bench/run
