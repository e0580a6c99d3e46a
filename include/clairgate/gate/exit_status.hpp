#pragma once

#include <clairgate/base/error.hpp>
#include <clairgate/policy/verdict.hpp>

#include <optional>
#include <variant>

namespace clairgate::gate {

/// The public contract of design section 4; never renumbered.
enum class ExitStatus : int {
    allowed = 0,
    blocked = 1,
    usage = 2,
    undecided = 3,
    no_digest = 4,
    evidence_failed = 5,
    allowed_with_warnings = 10,
    interrupted_int = 130,
    interrupted_term = 143
};

/// What kinds of failure mean that nothing was decided, and what kind of fault that was.
ExitStatus exit_status(ErrorKind kind);

/// How a command ended. No default constructor: somebody has to say it.
class Outcome {
  public:
    /// An image was judged.
    static Outcome judged(policy::Effect effect);
    /// An image was judged for a time that is not now: it may be blocked, but is never allowed.
    static Outcome previewed(policy::Effect effect);
    /// A command that judges nothing did what it was asked to do.
    static Outcome done();
    static Outcome failed(Error error);
    /// Told to stop by SIGINT or SIGTERM.
    static Outcome interrupted(int signal);
    /// An allowed run whose reports could not be written; a blocked one stays blocked.
    Outcome with_evidence_failure(Error error) const;

    std::optional<policy::Effect> effect() const;
    Error const* error() const;
    /// The number for the shell. `is_warn_status`: --warn-status was given.
    ExitStatus status(bool is_warn_status) const;

  private:
    struct Judged {
        policy::Effect effect;
        std::optional<Error> evidence_error;
        bool is_preview = false;
    };
    struct Done {};
    struct Interrupted {
        int signal;
    };
    using State = std::variant<Judged, Done, Error, Interrupted>;
    explicit Outcome(State state) : state_(std::move(state)) {}
    State state_;
};

/// The worse of two statuses of several images (order: 2, 1, 3, 4, 5, 10, 0; interruptions first).
ExitStatus worse(ExitStatus a, ExitStatus b);

} // namespace clairgate::gate
