package http

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hub/internal/system"
)

// defaultTop is how many processes are listed where no limit is given.
const defaultTop = 10

// infoHandler is a route that answers with one value and has no parameters:
// GET /system/info and GET /system/usage.
func infoHandler[T any](get func(context.Context) (T, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		value, err := get(c.UserContext())
		if err != nil {
			return err
		}
		return c.JSON(value)
	}
}

// topHandler is GET /system/top?sort=cpu&limit=10. A *system.ArgumentError of
// top is a fault of the parameter that it names.
func topHandler[T any](top func(ctx context.Context, sort string, limit int) (T, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var wrong faults
		limit := wrong.queryInt(c, "limit", defaultTop, 1, system.MaxTop)
		if len(wrong) > 0 {
			return unprocessable(wrong...)
		}
		list, err := top(c.UserContext(), strings.Clone(c.Query("sort", string(system.ByCPU))), limit)
		var argument *system.ArgumentError
		switch {
		case errors.As(err, &argument):
			return unprocessable(fault{[]any{"query", argument.Name}, argument.Detail, "value_error"})
		case err != nil:
			return err
		}
		return c.JSON(list)
	}
}

// queryInt is a number of the query between least and most, or standard where
// it is not given; anything else is a fault.
func (f *faults) queryInt(c *fiber.Ctx, name string, standard, least, most int) int {
	given := c.Query(name)
	if given == "" {
		return standard
	}
	n, err := strconv.Atoi(given)
	switch loc := []any{"query", name}; {
	case err != nil:
		f.wrong(loc, "int")
	case n < least || n > most:
		*f = append(*f, fault{loc, fmt.Sprintf("must be from %d to %d, not %d", least, most, n), "value_error"})
	}
	return n
}
