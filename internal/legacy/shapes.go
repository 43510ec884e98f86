package legacy

import "encoding/json"

// commandShape tells a shell command.
type commandShape struct{ cmd []byte }

func (s *commandShape) status(d *data) {
	if !isNull(d.Cmd) {
		s.cmd = d.Cmd
	}
}

func (s *commandShape) started(object) object       { return nil }
func (s *commandShape) stage(object, []byte) object { return nil }

func (s *commandShape) line(o object, text []byte) object {
	return o.raw("cmd", s.cmd).raw("line", text)
}

func (s *commandShape) ended(o object, d *data) object {
	o = o.raw("cmd", s.cmd)
	if d.Status == "completed" {
		return o.word("status", "completed").raw("exit_code", d.ExitCode)
	}
	return o.failure(d)
}

// buildShape tells the build of an image.
type buildShape struct {
	form  Form
	about data
}

func (s *buildShape) status(d *data) {
	s.about = *d
	if isNull(d.BuildArgs) {
		s.about.BuildArgs = json.RawMessage("{}")
	}
	if isNull(d.Inline) {
		s.about.Inline = json.RawMessage("false")
	}
}

func (s *buildShape) started(o object) object {
	if s.form == Posted {
		return nil
	}
	o = s.subject(o.word("stage", "build").word("status", "starting"))
	return o.raw("app_id", s.about.AppID).raw("build_args", s.about.BuildArgs)
}

func (s *buildShape) subject(o object) object {
	a := &s.about
	return o.raw("tag", a.Tag).raw("context_path", a.ContextPath).raw("dockerfile", a.Dockerfile).raw("inline", a.Inline)
}

func (s *buildShape) stage(object, []byte) object { return nil }

func (s *buildShape) line(o object, text []byte) object {
	if s.form == Posted {
		o = s.subject(o)
	} else {
		o = o.word("stage", "build").word("status", "stream")
	}
	return o.chunk(text).raw("app_id", s.about.AppID)
}

func (s *buildShape) ended(o object, d *data) object {
	failed := d.Status != "completed"
	switch {
	case s.form == Posted && failed:
		return s.subject(o).raw("app_id", s.about.AppID).cause(d)
	case s.form == Posted:
		return nil
	case failed:
		return o.word("stage", "build").failure(d).raw("app_id", s.about.AppID)
	}
	var result struct {
		ImageID json.RawMessage `json:"image_id"`
		Tag     json.RawMessage `json:"tag"`
	}
	_ = json.Unmarshal(d.Result, &result) // a result of another shape has neither, which is told as null
	if isNull(result.Tag) {
		result.Tag = s.about.Tag
	}
	o = o.word("stage", "build").word("status", "completed")
	return o.raw("image_id", result.ImageID).raw("tag", result.Tag).raw("app_id", s.about.AppID)
}

// siteShape tells the html-site pipeline.
type siteShape struct {
	name []byte // of the newest stage
	open bool   // whether it has neither completed nor failed
}

func (s *siteShape) status(*data)          { *s = siteShape{} }
func (s *siteShape) started(object) object { return nil }

func (s *siteShape) stage(o object, raw []byte) object {
	var stage struct {
		Stage  json.RawMessage `json:"stage"`
		Status string          `json:"status"`
	}
	if json.Unmarshal(raw, &stage) == nil {
		s.name, s.open = stage.Stage, stage.Status == "starting"
	}
	return o.all(raw)
}

func (s *siteShape) line(o object, text []byte) object {
	return o.raw("stage", s.name).word("status", "stream").chunk(text)
}

func (s *siteShape) ended(o object, d *data) object {
	if d.Status == "completed" || s.name != nil && !s.open {
		return nil
	}
	return o.raw("stage", s.name).failure(d)
}

// otherShape tells the types of task that the older service did not have.
type otherShape struct{}

func (otherShape) status(*data)                      {}
func (otherShape) started(object) object             { return nil }
func (otherShape) stage(o object, raw []byte) object { return o.all(raw) }
func (otherShape) line(o object, text []byte) object { return o.raw("line", text) }
func (otherShape) ended(o object, d *data) object {
	if d.Status == "completed" {
		return o.word("status", "completed").raw("result", d.Result)
	}
	return o.failure(d)
}
