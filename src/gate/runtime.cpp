#include <clairgate/base/text.hpp>
#include <clairgate/gate/runtime.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <exception>
#include <optional>
#include <random>

#include <sys/random.h>

namespace clairgate::gate {

namespace {

namespace asio = boost::asio;

constexpr auto tick_interval = std::chrono::milliseconds(200);

std::string system_random(std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t filled = 0;
    while (filled < count) {
        auto const got = ::getrandom(bytes.data() + filled, count - filled, 0);
        CLAIRGATE_ASSERT(got > 0); // cannot fail for a valid buffer once the kernel is seeded
        filled += static_cast<std::size_t>(got);
    }
    return bytes;
}

Error internal_error(std::exception_ptr const& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& e) {
        return {ErrorKind::protocol, cat("internal error: ", e.what())};
    } catch (...) {
        return {ErrorKind::protocol, "internal error"};
    }
}

} // namespace

Clock real_clock() {
    return {
        [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); },
        [] { return std::chrono::steady_clock::now(); }};
}

class Runtime::Impl {
  public:
    Impl(Streams const& streams,
         io::Environment const& environment,
         Speech speech,
         io::HttpOptions http)
        : context_(1), clock_(real_clock()), console_(streams, clock_, speech.format),
          log_(speech.level, [this](LogEvent const& event) { console_.write(event); }),
          random_(std::random_device{}()),
          http_(context_.get_executor(), clock_, log_, std::move(http)),
          world_{context_.get_executor(),
                 clock_,
                 log_,
                 environment,
                 http_,
                 [this] { return std::uniform_real_distribution<double>(0, 1)(random_); },
                 system_random} {}

    io::World& world() { return world_; }
    Console& console() { return console_; }

    Outcome run(io::Task<Outcome> task) {
        std::optional<Outcome> outcome;
        std::optional<int> stopped_by;
        asio::cancellation_signal cancel;
        asio::signal_set signals(context_, SIGINT, SIGTERM);
        asio::steady_timer ticker(context_);
        signals.async_wait([&](boost::system::error_code failed, int signal) {
            if (failed)
                return; // the task ended first
            stopped_by = signal;
            cancel.emit(asio::cancellation_type::terminal);
        });
        is_ticking_ = true;
        tick(ticker);
        auto finished = [&](std::exception_ptr thrown, std::optional<Outcome> result) {
            is_ticking_ = false; // a tick that is queued already cannot be cancelled any more
            signals.cancel();
            ticker.cancel();
            outcome = thrown ? Outcome::failed(internal_error(thrown)) : std::move(result);
        };
        asio::co_spawn(context_,
                       as_optional(std::move(task)),
                       asio::bind_cancellation_slot(cancel.slot(), std::move(finished)));
        context_.restart();
        context_.run();
        console_.finish();
        if (stopped_by)
            return Outcome::interrupted(*stopped_by);
        if (!outcome)
            return Outcome::failed(Error(ErrorKind::protocol, "internal error: no outcome"));
        return *outcome;
    }

  private:
    // co_spawn wants a default-constructible result, which an Outcome must not be.
    static io::Task<std::optional<Outcome>> as_optional(io::Task<Outcome> task) {
        co_return co_await std::move(task);
    }

    void tick(asio::steady_timer& ticker) {
        ticker.expires_after(tick_interval);
        ticker.async_wait([this, &ticker](boost::system::error_code failed) {
            if (failed || !is_ticking_)
                return;
            console_.tick();
            tick(ticker);
        });
    }

    asio::io_context context_;
    bool is_ticking_ = false;
    Clock clock_;
    Console console_;
    Log log_;
    std::mt19937_64 random_;
    io::Http http_;
    io::World world_;
};

Runtime::Runtime(Streams const& streams,
                 io::Environment const& environment,
                 Speech speech,
                 io::HttpOptions http)
    : impl_(std::make_unique<Impl>(streams, environment, speech, std::move(http))) {}

Runtime::~Runtime() = default;

io::World& Runtime::world() {
    return impl_->world();
}

Console& Runtime::console() {
    return impl_->console();
}

Outcome Runtime::run(io::Task<Outcome> task) {
    return impl_->run(std::move(task));
}

} // namespace clairgate::gate
