package http

import "github.com/gofiber/fiber/v2"

// Handlers that are not written yet.

var buildDoc = operation{}

func (s *Server) buildImage(*fiber.Ctx) error { return notFound("not yet") }

var buildStreamDoc = operation{}

func (s *Server) buildStream(*fiber.Ctx) error { return notFound("not yet") }

var startBuildDoc = operation{}

func (s *Server) startBuild(*fiber.Ctx) error { return notFound("not yet") }

var tagDoc = operation{}

func (s *Server) tagImage(*fiber.Ctx) error { return notFound("not yet") }

var loginDoc = operation{}

func (s *Server) login(*fiber.Ctx) error { return notFound("not yet") }

var pushDoc = operation{}

func (s *Server) pushImage(*fiber.Ctx) error { return notFound("not yet") }

var pullDoc = operation{}

func (s *Server) pullImage(*fiber.Ctx) error { return notFound("not yet") }

var saveDoc = operation{}

func (s *Server) saveImage(*fiber.Ctx) error { return notFound("not yet") }

var loadDoc = operation{}

func (s *Server) loadImage(*fiber.Ctx) error { return notFound("not yet") }

var imagesDoc = operation{}

func (s *Server) listImages(*fiber.Ctx) error { return notFound("not yet") }

var rmiDoc = operation{}

func (s *Server) removeImage(*fiber.Ctx) error { return notFound("not yet") }

var runDoc = operation{}

func (s *Server) runContainer(*fiber.Ctx) error { return notFound("not yet") }

var runExtendedDoc = operation{}

func (s *Server) runExtended(*fiber.Ctx) error { return notFound("not yet") }

var containersDoc = operation{}

func (s *Server) listContainers(*fiber.Ctx) error { return notFound("not yet") }

var logsDoc = operation{}

func (s *Server) containerLogs(*fiber.Ctx) error { return notFound("not yet") }

var startDoc = operation{}

func (s *Server) startContainer(*fiber.Ctx) error { return notFound("not yet") }

var stopDoc = operation{}

func (s *Server) stopContainer(*fiber.Ctx) error { return notFound("not yet") }

var rmDoc = operation{}

func (s *Server) removeContainer(*fiber.Ctx) error { return notFound("not yet") }

var restartDoc = operation{}

func (s *Server) restartContainer(*fiber.Ctx) error { return notFound("not yet") }

var pauseDoc = operation{}

func (s *Server) pauseContainer(*fiber.Ctx) error { return notFound("not yet") }

var unpauseDoc = operation{}

func (s *Server) unpauseContainer(*fiber.Ctx) error { return notFound("not yet") }

var killDoc = operation{}

func (s *Server) killContainer(*fiber.Ctx) error { return notFound("not yet") }

var updateDoc = operation{}

func (s *Server) updateContainer(*fiber.Ctx) error { return notFound("not yet") }

var inspectDoc = operation{}

func (s *Server) inspectContainer(*fiber.Ctx) error { return notFound("not yet") }

var statsDoc = operation{}

func (s *Server) containerStats(*fiber.Ctx) error { return notFound("not yet") }

var topDoc = operation{}

func (s *Server) containerTop(*fiber.Ctx) error { return notFound("not yet") }

var execDoc = operation{}

func (s *Server) execInContainer(*fiber.Ctx) error { return notFound("not yet") }

var attachDoc = operation{}

func (s *Server) attachExec(*fiber.Ctx) error { return notFound("not yet") }

var listFilesDoc = operation{}

func (s *Server) listFiles(*fiber.Ctx) error { return notFound("not yet") }

var readFileDoc = operation{}

func (s *Server) readFile(*fiber.Ctx) error { return notFound("not yet") }

var writeFileDoc = operation{}

func (s *Server) writeFile(*fiber.Ctx) error { return notFound("not yet") }

var mkdirDoc = operation{}

func (s *Server) makeFolder(*fiber.Ctx) error { return notFound("not yet") }

var deleteFileDoc = operation{}

func (s *Server) deleteFile(*fiber.Ctx) error { return notFound("not yet") }

var downloadDoc = operation{}

func (s *Server) downloadFiles(*fiber.Ctx) error { return notFound("not yet") }

var uploadDoc = operation{}

func (s *Server) uploadFiles(*fiber.Ctx) error { return notFound("not yet") }

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
