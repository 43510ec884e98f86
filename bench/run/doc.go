//go:build linux

// Command run compares the hub with the naive hub and the floor, side by side
// in one run: `go run ./bench/run` from anywhere in the module.
//
// Each measurement has a fresh server on one CPU and the load on another. The
// servers take turns within each round, so that what else the machine does
// meets all of them; the table shows the medians of the rounds.
package main
