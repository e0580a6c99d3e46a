#pragma once

#include <clairgate/finding/scan_report.hpp>
#include <clairgate/image/subject.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/report/report.hpp>

#include <optional>

namespace clairgate::gate {

/// The base image that the image itself names (OCI image-spec annotations.md,
/// `org.opencontainers.image.base.name` and `….base.digest`); nothing when it names none, names it
/// badly, or names one on another registry: an image does not choose which hosts we ask.
std::optional<image::Reference> stated_base(image::Subject const& subject);

/// Tells each finding whether its layer is the base image's: on every platform whose layers begin
/// with all layers of `base`. Gives the number of platforms for which that holds; findings of the
/// others stay unknown.
std::size_t mark_base_layers(finding::ScanReport& scan,
                             image::Subject const& subject,
                             image::Subject const& base);

/// Both for the base image that was `named` (its errors are ours), else for the one the image
/// states (then what fails is only logged: the fact stays unknown, which never loosens). Gives what
/// a report says of it: also whether its tag means a newer image now. Nothing: it is not known.
io::Task<Result<std::optional<report::BaseImage>>>
find_base_layers(io::World& world,
                 registry::Client& registry,
                 std::optional<image::Reference> named,
                 image::Subject const& subject,
                 finding::ScanReport& scan,
                 Deadline deadline);

} // namespace clairgate::gate
