package http

import (
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/swaggest/jsonschema-go"

	"hub/internal/legacy"
)

const schemasAt = "#/components/schemas/"

// schemas makes JSON Schemas of Go types, those with a name as components of the
// document. A type may stand for what is taken and for what is given, by rules of
// each; so both have a reflector, which remembers the names it gave.
type schemas struct {
	components   map[string]map[string]any
	taken, given jsonschema.Reflector
}

func newSchemas() *schemas {
	s := &schemas{components: map[string]map[string]any{}}
	s.taken.DefaultOptions = s.rules(func(name string) string { return strings.TrimSuffix(name, "Body") + "Body" }, takenField)
	s.given.DefaultOptions = s.rules(func(name string) string { return name }, givenField)
	return s
}

// of is the schema of example's type: a reference where the type has a name.
func (s *schemas) of(r *jsonschema.Reflector, example any) (map[string]any, error) {
	// The value itself would do, but then its first elements would speak for all.
	zero := reflect.New(reflect.TypeOf(example)).Elem().Interface()
	var clash error
	schema, err := r.Reflect(zero, jsonschema.CollectDefinitions(func(name string, component jsonschema.Schema) {
		made, err := component.ToSchemaOrBool().ToSimpleMap()
		if known, is := s.components[name]; err == nil && is && !reflect.DeepEqual(known, made) {
			err = fmt.Errorf("two types are called %s", name)
		}
		if err != nil && clash == nil {
			clash = err
		}
		s.components[name] = made
	}))
	if err == nil {
		err = clash
	}
	if err != nil {
		return nil, fmt.Errorf("cannot make the schema of %T: %w", example, err)
	}
	return schema.ToSchemaOrBool().ToSimpleMap()
}

var notOfNames = regexp.MustCompile(`[^A-Za-z0-9]+`)

// rules are those of one reflector.
func (s *schemas) rules(named func(string) string, field func(jsonschema.InterceptPropParams)) []func(*jsonschema.ReflectContext) {
	return []func(*jsonschema.ReflectContext){
		jsonschema.DefinitionsPrefix(schemasAt),
		jsonschema.RootRef,
		jsonschema.InterceptDefName(func(t reflect.Type, _ string) string {
			name := notOfNames.ReplaceAllString(t.Name(), "")
			if in := path.Base(t.PkgPath()); in != "http" {
				name = in + strings.ToUpper(name[:1]) + name[1:]
			}
			return named(strings.ToUpper(name[:1]) + name[1:])
		}),
		jsonschema.InterceptSchema(ownTypes),
		jsonschema.InterceptProp(func(p jsonschema.InterceptPropParams) error {
			if p.Processed {
				field(p)
			}
			return nil
		}),
		jsonschema.InterceptNullability(func(p jsonschema.InterceptNullabilityParams) {
			if p.OmitEmpty || p.Type.Kind() == reflect.Slice || p.Type.Kind() == reflect.Map {
				p.Schema.RemoveType(jsonschema.Null) // absent, [] or {}, never null
			}
			if len(p.Schema.AnyOf) > 0 { // null or a reference: the types stand there
				p.Schema.Type = nil
				for _, s := range p.Schema.AnyOf {
					if s.TypeObject.Ref != nil {
						s.TypeObject.Type = nil
					}
				}
			}
		}),
		func(c *jsonschema.ReflectContext) { c.EnvelopNullability = true },
	}
}

// ownTypes are those whose JSON is not what their kind says.
func ownTypes(p jsonschema.InterceptSchemaParams) (done bool, err error) {
	switch t := p.Value.Type(); {
	case t == reflect.TypeFor[legacy.Seconds](), t == reflect.TypeFor[*legacy.Seconds]():
		p.Schema.AddType(jsonschema.Number)
		p.Schema.WithDescription("Unix seconds, with their fraction")
		return true, nil
	case t == reflect.TypeFor[json.RawMessage]():
		return true, nil // anything
	}
	return false, nil
}

// takenField is the rule for a field of a body: what decode reads.
func takenField(p jsonschema.InterceptPropParams) {
	checks := strings.Split(p.Field.Tag.Get("check"), ",")
	if slices.Contains(checks, "required") {
		p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
	}
	if slices.Contains(checks, "loose") {
		loosen(p.PropertySchema)
	}
	if types, is := p.Field.Tag.Lookup("types"); is { // of a field whose Go type does not say
		for t := range strings.SplitSeq(types, ",") {
			p.PropertySchema.AddType(jsonschema.SimpleType(t))
		}
	}
	if p.Field.Type.Kind() == reflect.Pointer {
		p.PropertySchema.RemoveType(jsonschema.Null) // it is absent, then
	}
}

// givenField is the rule for a field of an answer: it is there, or its tag lets it be left out.
func givenField(p jsonschema.InterceptPropParams) {
	if tag := p.Field.Tag.Get("json"); !strings.Contains(tag, ",omit") {
		p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
	}
}

// loosen takes a number for a text and a text for a number, also in what s holds.
func loosen(s *jsonschema.Schema) {
	switch {
	case s.AdditionalProperties != nil && s.AdditionalProperties.TypeObject != nil:
		loosen(s.AdditionalProperties.TypeObject)
	case s.Items != nil && s.Items.SchemaOrBool != nil && s.Items.SchemaOrBool.TypeObject != nil:
		loosen(s.Items.SchemaOrBool.TypeObject)
	case s.HasType(jsonschema.String):
		s.AddType(jsonschema.Number)
	case s.HasType(jsonschema.Integer), s.HasType(jsonschema.Number), s.HasType(jsonschema.Boolean):
		s.AddType(jsonschema.String)
	}
}
