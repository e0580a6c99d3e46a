#include <clairgate/report/html_assets.hpp>

namespace clairgate::report {

namespace {

// Each file is one raw string literal: its first and last line are C++, what is between them is
// the asset.
constexpr char stylesheet[] =
#include "html/report.css"
    ;
constexpr char script[] =
#include "html/report.js"
    ;

} // namespace

Fixed html_stylesheet() {
    return stylesheet;
}

Fixed html_script() {
    return script;
}

} // namespace clairgate::report
