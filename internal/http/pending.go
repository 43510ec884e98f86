package http

import "github.com/gofiber/fiber/v2"

// Handlers that are not written yet.

var logsDoc = operation{}

func (s *Server) containerLogs(*fiber.Ctx) error { return notFound("not yet") }

var execDoc = operation{}

func (s *Server) execInContainer(*fiber.Ctx) error { return notFound("not yet") }

var attachDoc = operation{}

func (s *Server) attachExec(*fiber.Ctx) error { return notFound("not yet") }

var createVolumeDoc = operation{}

func (s *Server) createVolume(*fiber.Ctx) error { return notFound("not yet") }

var volumesDoc = operation{}

func (s *Server) listVolumes(*fiber.Ctx) error { return notFound("not yet") }

var removeVolumeDoc = operation{}

func (s *Server) removeVolume(*fiber.Ctx) error { return notFound("not yet") }

var createNetworkDoc = operation{}

func (s *Server) createNetwork(*fiber.Ctx) error { return notFound("not yet") }

var networksDoc = operation{}

func (s *Server) listNetworks(*fiber.Ctx) error { return notFound("not yet") }

var removeNetworkDoc = operation{}

func (s *Server) removeNetwork(*fiber.Ctx) error { return notFound("not yet") }

var connectDoc = operation{}

func (s *Server) connectNetwork(*fiber.Ctx) error { return notFound("not yet") }

var disconnectDoc = operation{}

func (s *Server) disconnectNetwork(*fiber.Ctx) error { return notFound("not yet") }

var pruneDoc = operation{}

func (s *Server) prune(*fiber.Ctx) error { return notFound("not yet") }
