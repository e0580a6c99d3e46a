#pragma once

#include <clairgate/image/subject.hpp>
#include <clairgate/report/report.hpp>

namespace clairgate::gate {

/// Each platform's layers with the instruction that made them, from the history of its image config
/// (OCI config.md): entries that made a layer stand for the layers in order. A history of another
/// length than the layers says nothing.
report::ImageFacts image_facts(image::Subject const& subject);

} // namespace clairgate::gate
