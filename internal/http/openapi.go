package http

import (
	"encoding/json"
	"fmt"
	nethttp "net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/swaggest/jsonschema-go"
	"github.com/swaggest/openapi-go/openapi31"
)

var openAPIDoc = operation{also: []answer{notModified}, gives: map[string]any{"openapi": "3.1.0", "info": map[string]any{"title": "hub", "version": "1.0.0"}, "paths": map[string]any{}}}

// openAPI is GET /openapi.json: the document that is made of the table of routes.
func (s *Server) openAPI(c *fiber.Ctx) error {
	document, err := s.document()
	if err != nil {
		return err
	}
	return document.send(c)
}

const aboutAPI = `A real-time streaming hub in front of a Docker engine: it builds and runs, and everything that those actions say is live for everybody who watches.

A body is one JSON object in UTF-8; keys that are not known are ignored, and null is the same as absent. Every error is an object with ` + "`detail`" + `. Each answer carries ` + "`X-Request-Id`" + `, by which the hub's log knows it. What takes a GET takes a HEAD.

Routes that say so answer with a live stream where ` + "`Accept`" + ` names ` + "`text/event-stream`, `application/x-ndjson` or `text/plain`" + ` ahead of JSON; leaving a stream ends nothing but the stream.

` + "`x-role`" + ` is who may use a route. There is no login yet, so everybody has every role.`

// makeDocument is the OpenAPI document of routes, always the same bytes for the same routes.
func makeDocument(routes []route, version string) (asset, error) {
	spec := &openapi31.Spec{Openapi: "3.1.0"}
	spec.Info.WithTitle("hub").WithVersion(version).WithDescription(aboutAPI)
	for _, g := range groups {
		spec.Tags = append(spec.Tags, *(&openapi31.Tag{Name: g.name}).WithDescription(g.about))
	}
	w := &writer{newSchemas()}
	failures, err := w.failures()
	if err != nil {
		return asset{}, err
	}
	for _, r := range routes {
		o, err := w.operation(r)
		if err == nil {
			err = spec.AddOperation(r.method, r.template(), *o)
		}
		if err != nil {
			return asset{}, fmt.Errorf("cannot describe %s %s: %w", r.method, r.path, err)
		}
	}
	spec.WithComponents(openapi31.Components{Schemas: w.components, Responses: failures})
	text, err := json.MarshalIndent(spec, "", " ")
	if err != nil {
		return asset{}, fmt.Errorf("cannot write the API's document: %w", err)
	}
	return newAsset(text, fiber.MIMEApplicationJSON), nil
}

// writer writes operations.
type writer struct{ *schemas }

func (w *writer) operation(r route) (*openapi31.Operation, error) {
	summary, _, _ := strings.Cut(r.about, ": ?") // the parameters have words of their own
	o := (&openapi31.Operation{}).WithID(r.id()).WithTags(groupOf(r.path)).WithSummary(summary)
	o.WithMapOfAnythingItem("x-role", string(r.role))
	if r.doc.more != "" {
		o.WithDescription(r.doc.more)
	}
	var err error
	if o.Parameters, err = w.parameters(r); err != nil {
		return nil, err
	}
	body, err := w.body(r)
	if err != nil {
		return nil, err
	}
	if body != nil {
		o.WithRequestBody(openapi31.RequestBodyOrReference{RequestBody: body})
	}
	responses, err := w.answers(r)
	if err != nil {
		return nil, err
	}
	for _, status := range r.failures() {
		code := strconv.Itoa(status)
		if _, own := responses[code]; !own {
			responses[code] = reference("Error" + code)
		}
	}
	rest := reference("Error")
	return o.WithResponses(openapi31.Responses{Default: &rest, MapOfResponseOrReferenceValues: responses}), nil
}

// body is what a route takes, nil for nothing.
func (w *writer) body(r route) (*openapi31.RequestBody, error) {
	sends := r.doc.sends
	if r.doc.takes != nil {
		sends = append([]answer{{example: r.doc.takes}}, sends...)
	}
	if len(sends) == 0 {
		return nil, nil
	}
	body := &openapi31.RequestBody{Content: map[string]openapi31.MediaType{}}
	for _, sent := range sends {
		if err := w.add(body.Content, &w.taken, sent); err != nil {
			return nil, err
		}
	}
	return body.WithRequired(r.body == jsonBody || r.body == tarBody), nil
}

// answers are those that are no errors, and the errors of a form of their own.
func (w *writer) answers(r route) (map[string]openapi31.ResponseOrReference, error) {
	all := map[string]openapi31.ResponseOrReference{}
	for _, a := range r.doc.answers() {
		code := strconv.Itoa(a.status)
		if all[code].Response == nil {
			all[code] = openapi31.ResponseOrReference{Response: &openapi31.Response{Content: map[string]openapi31.MediaType{}}}
		}
		response := all[code].Response
		if response.Description == "" {
			response.Description = a.about
		}
		if a.example == nil {
			continue
		}
		if err := w.add(response.Content, &w.given, a); err != nil {
			return nil, err
		}
	}
	if done := all["200"].Response; done != nil && r.doc.live && r.method == nethttp.MethodPost {
		done.WithHeadersItem("X-Task-Id", openapi31.HeaderOrReference{Header: (&openapi31.Header{}).
			WithDescription("the task's id, and its events are the topic tasks/ID").WithSchema(map[string]any{"type": "string"})})
	}
	return all, nil
}

// add adds what one more body looks like.
func (w *writer) add(content map[string]openapi31.MediaType, r *jsonschema.Reflector, a answer) error {
	schema, kind, shown := map[string]any{"type": "string"}, a.kind, a.example
	if kind == "" || kind == fiber.MIMEApplicationJSON {
		kind = fiber.MIMEApplicationJSON
		var err error
		if schema, err = w.of(r, a.example); err != nil {
			return err
		}
		if r == &w.taken {
			shown = said(a.example)
		}
	}
	m, several := content[kind]
	if !several {
		m.Schema = schema
		content[kind] = *m.WithExample(shown)
		return nil
	}
	choice, is := m.Schema["anyOf"].([]any)
	if !is {
		choice = []any{m.Schema}
		m.WithExamplesItem("1", openapi31.ExampleOrReference{Example: &openapi31.Example{Value: m.Example}})
		m.Example = nil
	}
	m.Schema = map[string]any{"anyOf": append(choice, schema)}
	another := (&openapi31.Example{}).WithValue(shown)
	if a.about != "" {
		another.WithSummary(a.about)
	}
	content[kind] = *m.WithExamplesItem(strconv.Itoa(len(choice)+1), openapi31.ExampleOrReference{Example: another})
	return nil
}

func reference(response string) openapi31.ResponseOrReference {
	return openapi31.ResponseOrReference{Reference: &openapi31.Reference{Ref: "#/components/responses/" + response}}
}
