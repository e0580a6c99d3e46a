#include <clairgate/gate/exit_status.hpp>

#include <algorithm>
#include <array>
#include <csignal>

namespace clairgate::gate {

ExitStatus exit_status(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::config:
    case ErrorKind::policy:
        return ExitStatus::usage;
    case ErrorKind::no_digest:
        return ExitStatus::no_digest;
    case ErrorKind::not_found:
    case ErrorKind::denied:
    case ErrorKind::unreachable:
    case ErrorKind::timeout:
    case ErrorKind::cancelled:
    case ErrorKind::protocol:
    case ErrorKind::integrity:
    case ErrorKind::tool:
    case ErrorKind::limit:
    case ErrorKind::file:
        return ExitStatus::undecided;
    }
    return ExitStatus::undecided; // a kind from outside the enumeration decides nothing
}

Outcome Outcome::judged(policy::Effect effect) {
    return Outcome(Judged{effect, std::nullopt, false});
}

Outcome Outcome::previewed(policy::Effect effect) {
    return Outcome(Judged{effect, std::nullopt, true});
}

Outcome Outcome::done() {
    return Outcome(Done{});
}

Outcome Outcome::failed(Error error) {
    return Outcome(std::move(error));
}

Outcome Outcome::interrupted(int signal) {
    return Outcome(Interrupted{signal});
}

Outcome Outcome::with_evidence_failure(Error error) const {
    auto copy = *this;
    if (auto* const judged = std::get_if<Judged>(&copy.state_))
        judged->evidence_error = std::move(error);
    return copy;
}

std::optional<policy::Effect> Outcome::effect() const {
    auto const* const judged = std::get_if<Judged>(&state_);
    return judged != nullptr ? std::optional(judged->effect) : std::nullopt;
}

Error const* Outcome::error() const {
    if (auto const* const judged = std::get_if<Judged>(&state_))
        return judged->evidence_error ? &*judged->evidence_error : nullptr;
    return std::get_if<Error>(&state_);
}

ExitStatus Outcome::status(bool is_warn_status) const {
    if (auto const* const error = std::get_if<Error>(&state_))
        return exit_status(error->kind());
    if (auto const* const stopped = std::get_if<Interrupted>(&state_))
        return stopped->signal == SIGINT ? ExitStatus::interrupted_int
                                         : ExitStatus::interrupted_term;
    if (auto const* const judged = std::get_if<Judged>(&state_)) {
        bool const passes =
            judged->effect == policy::Effect::allow || judged->effect == policy::Effect::warn;
        if (!passes)
            return ExitStatus::blocked;
        if (judged->evidence_error)
            return ExitStatus::evidence_failed;
        if (judged->is_preview || (judged->effect == policy::Effect::warn && is_warn_status))
            return ExitStatus::allowed_with_warnings;
    }
    return ExitStatus::allowed; // the only place where 0 comes from
}

ExitStatus worse(ExitStatus a, ExitStatus b) {
    static constexpr std::array order{ExitStatus::interrupted_int,
                                      ExitStatus::interrupted_term,
                                      ExitStatus::usage,
                                      ExitStatus::blocked,
                                      ExitStatus::undecided,
                                      ExitStatus::no_digest,
                                      ExitStatus::evidence_failed,
                                      ExitStatus::allowed_with_warnings,
                                      ExitStatus::allowed};
    return std::min(std::find(order.begin(), order.end(), a),
                    std::find(order.begin(), order.end(), b)) ==
                   std::find(order.begin(), order.end(), a)
               ? a
               : b;
}

} // namespace clairgate::gate
