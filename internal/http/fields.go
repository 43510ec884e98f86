package http

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// faults gathers everything that is wrong while a JSON value, already known to
// be valid, is put into a Go value.
type faults []fault

func (f *faults) missing(loc []any) {
	*f = append(*f, fault{loc, "field required", "value_error.missing"})
}

func (f *faults) wrong(loc []any, want string) {
	*f = append(*f, fault{loc, want + " type expected", "type_error." + want})
}

// value puts raw into v, or notes at loc why it cannot.
func (f *faults) value(loc []any, raw []byte, v reflect.Value, loose bool) {
	switch v.Kind() {
	case reflect.Pointer:
		fresh := reflect.New(v.Type().Elem())
		f.value(loc, raw, fresh.Elem(), loose)
		v.Set(fresh)
	case reflect.Struct:
		if object, ok := f.object(loc, raw); ok {
			f.fields(loc, object, v)
		}
	case reflect.Map:
		object, ok := f.object(loc, raw)
		if !ok {
			return
		}
		v.Set(reflect.MakeMapWithSize(v.Type(), len(object)))
		for _, key := range slices.Sorted(maps.Keys(object)) {
			item := reflect.New(v.Type().Elem()).Elem()
			f.value(under(loc, key), object[key], item, loose)
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), item)
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.SetBytes(slices.Clone(raw))
			return
		}
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil || list == nil {
			f.wrong(loc, "list")
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
		for i, item := range list {
			f.value(under(loc, i), item, v.Index(i), loose)
		}
	default:
		f.scalar(loc, raw, v, loose)
	}
}

// fields fills a struct; an embedded struct's fields count as its own.
func (f *faults) fields(loc []any, object map[string]json.RawMessage, v reflect.Value) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			f.fields(loc, object, v.Field(i))
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" || !field.IsExported() {
			continue
		}
		checks := strings.Split(field.Tag.Get("check"), ",")
		raw, sent := object[name]
		switch {
		case sent && string(raw) != "null":
			f.value(under(loc, name), raw, v.Field(i), slices.Contains(checks, "loose"))
		case slices.Contains(checks, "required"):
			f.missing(under(loc, name))
		}
	}
}

func (f *faults) object(loc []any, raw []byte) (map[string]json.RawMessage, bool) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		f.wrong(loc, "dict")
		return nil, false
	}
	return object, true
}

// scalar fills strings, numbers and booleans. null is none of them.
func (f *faults) scalar(loc []any, raw []byte, v reflect.Value, loose bool) {
	raw = loosened(raw, v.Kind(), loose)
	if string(raw) == "null" || json.Unmarshal(raw, v.Addr().Interface()) != nil {
		f.wrong(loc, kindNames[v.Kind()])
	}
}

// loosened is raw as the older service took it, if loose: a number in place of its
// text, a text in place of its number.
func loosened(raw []byte, want reflect.Kind, loose bool) []byte {
	if !loose {
		return raw
	}
	var text string
	quoted := json.Unmarshal(raw, &text) == nil && raw[0] == '"'
	switch {
	case want == reflect.String && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9'):
		return []byte(strconv.Quote(string(raw)))
	case want != reflect.String && quoted && json.Valid([]byte(text)):
		return []byte(text)
	}
	return raw
}

// kindNames are what the types are called in faults.
var kindNames = map[reflect.Kind]string{
	reflect.String: "str", reflect.Bool: "bool", reflect.Float64: "float", reflect.Float32: "float",
	reflect.Int: "int", reflect.Int64: "int", reflect.Int32: "int", reflect.Uint: "int", reflect.Uint64: "int",
	reflect.Uint16: "int", reflect.Uint32: "int",
}

// under is loc and one step more, never in loc's own memory.
func under(loc []any, step any) []any { return append(slices.Clone(loc), step) }
