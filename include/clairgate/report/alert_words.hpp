#pragma once

#include <clairgate/report/alerts.hpp>
#include <clairgate/report/prose.hpp>

#include <cstddef>

/// What the formats of other systems say about an alert, in words.
namespace clairgate::report {

/// "libssl3 3.0.11 has CVE-2099-0001."
void say_subject(Prose& prose, finding::Finding const& finding);
/// "Blocked: high, fixed in 3.0.17: severity.high is block-if-fixed (built-in)."; where undecided:
/// "Nothing was decided: high, no fix known."
void say_decision(Prose& prose, Alerts const& alerts, Alert const& alert, Record const& record);
/// " On linux/amd64, linux/arm64." where the scan has several platforms, else nothing.
void say_platforms(Prose& prose, Alerts const& alerts, Alert const& alert, Record const& record);
/// The platforms alone, "linux/amd64, linux/arm64".
void list_platforms(Prose& prose, Alerts const& alerts, Alert const& alert);
/// "Blocked: …", "Warned: …" or "clairgate could not decide about this image: …".
void say_notice(Prose& prose, Notice const& notice);
/// "1,234 findings are not shown here…", with where they are.
void say_cut(Prose& prose, std::size_t alerts_cut);

} // namespace clairgate::report
