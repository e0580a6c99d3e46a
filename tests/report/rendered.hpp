#pragma once

#include <clairgate/report/formats.hpp>

#include <string>

namespace clairgate::report {

/// What one renderer writes for a report, as one string.
inline std::string rendered_by(void (*render)(Record const&, RenderOptions const&, Out&),
                               Report const& report,
                               RenderOptions const& options = {}) {
    return rendered({"", "", render}, Record(report), options);
}

inline std::string table_of(Report const& report, RenderOptions const& options = {}) {
    return rendered_by(render_table, report, options);
}

} // namespace clairgate::report
