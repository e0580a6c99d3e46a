#pragma once

#include <clairgate/report/out.hpp>

namespace clairgate::report {

/// The page's own stylesheet and script: the bytes of src/report/html/report.css and report.js.
Fixed html_stylesheet();
Fixed html_script();

} // namespace clairgate::report
