package http

import (
	"encoding/json"
	nethttp "net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/swaggest/openapi-go/openapi31"
)

// What a stream looks like, for examples.
const (
	eventExample = `{"id":"k7x2m-1042","n":57,"topic":"tasks/docker_build-1f0c9a77be","type":"line","time":"2026-11-23T20:11:47.123Z","data":{"stream":"stdout","line":"Step 1/3 : FROM nginx:alpine"}}`
	endExample   = `{"id":"k7x2m-1043","n":58,"topic":"tasks/docker_build-1f0c9a77be","type":"end","time":"2026-11-23T20:11:49.456Z","data":{"status":"completed"}}`

	sseExample    = "retry: 2345\n\nid: k7x2m-1042\ndata: " + eventExample + "\n\nevent: end\nid: k7x2m-1043\ndata: " + endExample + "\n\n"
	ndjsonExample = eventExample + "\n" + endExample + "\n"
	textExample   = "Step 1/3 : FROM nginx:alpine\n--- end: completed\n"
)

// answers are all that is said of what the operation answers with, the usual one first.
func (o operation) answers() []answer {
	var all []answer
	if o.gives != nil {
		all = append(all, answer{status: nethttp.StatusOK, about: "Done.", example: o.gives})
	}
	all = append(all, o.also...)
	if o.live {
		all = append(all,
			answer{nethttp.StatusOK, "text/event-stream", "Server-Sent Events.", sseExample},
			answer{nethttp.StatusOK, "application/x-ndjson", "One event a line.", ndjsonExample},
			answer{nethttp.StatusOK, "text/plain", "The lines as they were written.", textExample})
	}
	return all
}

// failures are the statuses of errors that a route may answer with: its own, and
// those of its kind.
func (r route) failures() []int {
	all := append([]int{nethttp.StatusForbidden, nethttp.StatusMisdirectedRequest, nethttp.StatusInternalServerError}, r.doc.fails...)
	if r.body != noBody {
		all = append(all, nethttp.StatusBadRequest, nethttp.StatusRequestTimeout, nethttp.StatusUnsupportedMediaType)
	}
	if r.body == jsonBody || r.body == maybe || r.body == anyBody {
		all = append(all, nethttp.StatusRequestEntityTooLarge, nethttp.StatusUnprocessableEntity)
	}
	if strings.HasPrefix(r.path, "/docker/") {
		all = append(all, nethttp.StatusBadGateway, nethttp.StatusServiceUnavailable, nethttp.StatusGatewayTimeout)
	}
	if r.doc.live {
		all = append(all, nethttp.StatusServiceUnavailable)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// errorWords says what the statuses of errors mean here, with an example each.
var errorWords = map[int]struct{ about, detail string }{
	400: {"Bad input.", `bad since "yesterday": it is an id, all, now, a duration such as 10m, or a time such as 2026-11-23T20:11:47Z`},
	401: {"The registry does not take these credentials.", "cannot log in to registry.example: unauthorized: incorrect username or password"},
	403: {"Not allowed: a page of another site asks, or this hub does not do that.", "pages of \"https://elsewhere.example\" may not use this hub; if they should, add the origin to allowed_origins"},
	404: {"There is no such thing.", "cannot stop container web: no such container"},
	405: {"The path takes other methods.", "/topics does not take POST, only GET, HEAD"},
	408: {"The request took too long to arrive.", "the body took too long to arrive"},
	409: {"It conflicts with what is there.", "cannot create container web: the name is in use"},
	413: {"Too large.", "the body is over 1048576 bytes"},
	415: {"The body is of another type.", "the body must be sent with Content-Type: application/json, not \"text/plain\""},
	421: {"The request is for a host name that is not this hub's.", "this hub does not answer for the host \"evil.example\"; if it should, add the name to allowed_hosts"},
	422: {"The body or a parameter does not fit; or what was asked for failed for a reason in it.", "cannot build image web: the command '/bin/sh -c false' returned a non-zero code: 1"},
	426: {"Only as a WebSocket.", "format=ws needs a WebSocket request (Upgrade: websocket)"},
	500: {"A fault of the hub; its log has more under the request's id.", "internal error, request 0123456789ab"},
	502: {"The registry, or another remote, refuses or fails.", "cannot push registry.example/web:latest: denied: requested access to the resource is denied"},
	503: {"Not now: there is no Docker engine, or too much is open. Come back later.", "the Docker engine at unix:///var/run/docker.sock does not answer; start it, or set DOCKER_HOST"},
	504: {"It took too long.", "context deadline exceeded"},
}

// problem is the body of an error.
type problem struct {
	Detail    string  `json:"detail" description:"what is wrong, in a sentence"`
	Published *int    `json:"published,omitempty" description:"of a publish that stopped: how many events had been published"`
	Last      *string `json:"last,omitempty" description:"of a publish that stopped: the id of the newest of them"`
	TaskID    *string `json:"task_id,omitempty" description:"of a task that ended without success: its id, and its events are the topic tasks/ID"`
	Outcome   *string `json:"outcome,omitempty" description:"of that task: error, cancelled, interrupted or rolled_back"`
	Stage     *string `json:"stage,omitempty" description:"of a pipeline that failed: the stage that did"`
}

// invalid is the body of a 422 that lists what does not fit.
type invalid struct {
	Detail []fault `json:"detail" description:"everything that is wrong"`
}

// failures are the responses that operations refer to: one for each status, and
// Error for all the others.
func (w *writer) failures() (map[string]openapi31.ResponseOrReference, error) {
	all := map[string]openapi31.ResponseOrReference{}
	make := func(name, about string, answers ...answer) error {
		response := &openapi31.Response{Description: about, Content: map[string]openapi31.MediaType{}}
		for _, a := range answers {
			if err := w.add(response.Content, &w.given, a); err != nil {
				return err
			}
		}
		if name == "Error503" {
			response.WithHeadersItem(fiber.HeaderRetryAfter, openapi31.HeaderOrReference{Header: (&openapi31.Header{}).
				WithDescription("after how many seconds it is worth trying again; not always there").WithSchema(map[string]any{"type": "integer", "minimum": 1})})
		}
		all[name] = openapi31.ResponseOrReference{Response: response}
		return nil
	}
	for status, w := range errorWords {
		answers := []answer{{about: "one fault, in words", example: problem{Detail: w.detail}}}
		if status == nethttp.StatusUnprocessableEntity {
			answers = append(answers, answer{about: "every fault found", example: invalid{[]fault{{[]any{"body", "image"}, "field required", "value_error.missing"}}}})
		}
		if err := make("Error"+strconv.Itoa(status), w.about, answers...); err != nil {
			return nil, err
		}
	}
	return all, make("Error", "Any other error.", answer{example: problem{Detail: "the request's head is over 16 KiB"}})
}

// said is the example of a body as somebody would send it: without the fields that
// say nothing.
func said(body any) json.RawMessage {
	var b []byte
	var add func(v reflect.Value)
	add = func(v reflect.Value) {
		for i := range v.NumField() {
			field, value := v.Type().Field(i), v.Field(i)
			if field.Anonymous && field.Type.Kind() == reflect.Struct {
				add(value)
				continue
			}
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "" || name == "-" || value.IsZero() {
				continue
			}
			if text := said(value.Interface()); len(text) > 0 {
				b = append(append(append(b, ","+strconv.Quote(name)...), ':'), text...)
			}
		}
	}
	v := reflect.Indirect(reflect.ValueOf(body))
	switch {
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		list := []json.RawMessage{}
		for i := range v.Len() {
			list = append(list, said(v.Index(i).Interface()))
		}
		body = list
		fallthrough
	case v.Kind() != reflect.Struct:
		b, _ = encodeJSON(body)
		return b
	}
	add(v)
	if len(b) == 0 {
		return json.RawMessage("{}")
	}
	b[0] = '{'
	return append(b, '}')
}
