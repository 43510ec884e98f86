package broker

import (
	"math/rand/v2"
	"testing"
)

// A ring does what a slice does that is appended to and cut at its front.
func TestRingIsAQueue(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	var r ring[int]
	var model []int
	for i := range 20_000 {
		if grow := i%2000 < 1000; dice.IntN(10) < 7 == grow {
			r.push(i)
			model = append(model, i)
		} else if len(model) > 0 {
			if got := r.pop(); got != model[0] {
				t.Fatalf("popped %d, want %d", got, model[0])
			}
			model = model[1:]
		}
		if r.len() != len(model) {
			t.Fatalf("%d items, want %d", r.len(), len(model))
		}
		for k := range model {
			if k%17 == i%17 && *r.at(k) != model[k] {
				t.Fatalf("item %d is %d, want %d", k, *r.at(k), model[k])
			}
		}
	}
}

func TestEmptiedRingGivesItsArrayBack(t *testing.T) {
	var r ring[int]
	for i := range 1000 {
		r.push(i)
	}
	for range 1000 {
		r.pop()
	}
	if r.items != nil {
		t.Errorf("it keeps %d places", len(r.items))
	}
	r.push(7)
	if r.len() != 1 || *r.at(0) != 7 {
		t.Error("it cannot be used again")
	}
}

// What was popped is not held by the array, which lives on.
func TestRingLetsGoOfWhatWasPopped(t *testing.T) {
	var r ring[*int]
	r.push(new(int))
	r.push(new(int))
	r.pop()
	held := 0
	for _, p := range r.items {
		if p != nil {
			held++
		}
	}
	if held != 1 {
		t.Errorf("%d are held", held)
	}
}
