#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/local/data_record.hpp>
#include <clairgate/local/engine.hpp>
#include <clairgate/local/layout.hpp>
#include <clairgate/local/servers.hpp>
#include <clairgate/local/supervisor.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <sys/wait.h>

namespace clairgate::local {

namespace {

namespace asio = boost::asio;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr Duration connect_poll = std::chrono::milliseconds(20);
constexpr Duration farewell_poll = std::chrono::milliseconds(2);
constexpr Duration farewell_max = std::chrono::seconds(1);
constexpr int starts_max = 3; // what ends at once three times will not start the fourth time

} // namespace

class Engine::Impl {
  public:
    Impl(io::World& world, Options options)
        : world_(world), options_(std::move(options)), layout_(options_.state_folder),
          socket_(world.executor) {}

    io::Task<Result<void>> start(Progress progress, Deadline deadline) {
        progress_ = progress;
        // Missing programs are told here, in the terminal, not in a log of the supervisor.
        CO_TRY_VOID(find_programs(options_, world_.environment.value("PATH")));
        CO_TRY(auto const owner, unprivileged_user());
        CO_TRY_VOID(prepare_folders(layout_, owner));
        for (;;) {
            CO_TRY_VOID(co_await connect(deadline));
            auto const joined = co_await join(progress, deadline);
            if (joined.has_value())
                break;
            // Closed without a word: we knocked while the engine was stopping after its last
            // holder left. It is started again.
            if (!is_unheard_ || deadline.passed(world_.clock))
                co_return joined.error();
            boost::system::error_code ignored;
            socket_.close(ignored);
            buffer_.clear();
        }
        data_date_ = read_data_record(layout_.data_record);
        co_return ok();
    }

    io::Task<Result<void>> run_updaters(std::vector<std::string> sets, Deadline deadline) {
        CO_TRY_VOID(co_await wish_for(std::move(sets)));
        co_return co_await io::before(
            world_.clock, deadline, "the restart of Clair", read_ready(progress_));
    }

    io::Task<Result<void>> leave(Deadline deadline) {
        co_return co_await io::before(
            world_.clock, deadline, "the stop of the local engine", say_goodbye());
    }

    io::Url url;
    std::optional<Secret> psk;
    std::string psk_issuer;
    std::optional<SystemTime> data_date_;

  private:
    io::Task<Result<void>> join(Progress const& progress, Deadline deadline) {
        is_unheard_ = true;
        CO_TRY_VOID(co_await wish_for(options_.updaters));
        co_return co_await io::before(
            world_.clock, deadline, "the start of the local engine", read_ready(progress));
    }

    Error lost() const {
        return Error(ErrorKind::tool,
                     cat("the local engine's supervisor ended: ",
                         last_lines(layout_.logs / "supervisor.log", 400)))
            .with_remedy(cat("see ", layout_.logs.string()));
    }

    io::Task<Result<void>> wish_for(std::vector<std::string> updaters) {
        auto const wish = to_line(Wish{std::move(updaters), options_.updater_urls});
        auto const sent = co_await asio::async_write(socket_, asio::buffer(wish), quiet);
        if (std::get<0>(sent))
            co_return lost();
        co_return ok();
    }

    // Joins the supervisor that runs, or starts one; of several that start at once one gets the
    // lock, and all join that one.
    io::Task<Result<void>> connect(Deadline deadline) {
        asio::local::stream_protocol::endpoint const endpoint(layout_.socket.string());
        int starts = 0;
        for (;;) {
            auto const [failed] = co_await socket_.async_connect(endpoint, quiet);
            if (!failed)
                co_return ok();
            boost::system::error_code ignored;
            socket_.close(ignored);
            if (child_ == 0 || has_child_ended()) {
                if (starts++ == starts_max)
                    co_return lost();
                CO_TRY(child_, launch_supervisor(options_, layout_, world_.environment));
            }
            if (deadline.passed(world_.clock))
                co_return lost();
            CO_TRY_VOID(co_await io::sleep_for(connect_poll));
        }
    }

    // A supervisor that finds the lock taken waits for it, or ends since the other one can be
    // joined; that one may be gone a moment later, and then a new one is needed.
    bool has_child_ended() {
        if (child_ == 0 || ::waitpid(child_, nullptr, WNOHANG) == 0)
            return false;
        child_ = 0;
        return true;
    }

    io::Task<Result<void>> read_ready(Progress const& progress) {
        for (;;) {
            auto const [failed, bytes] = co_await asio::async_read_until(
                socket_, asio::dynamic_buffer(buffer_, line_bytes_max), '\n', quiet);
            if (failed == asio::error::operation_aborted)
                co_return Error(ErrorKind::cancelled, "cancelled");
            if (failed)
                co_return lost();
            CO_TRY(auto event, parse_event(std::string_view(buffer_).substr(0, bytes)));
            buffer_.erase(0, bytes);
            is_unheard_ = false;
            if (auto const* const told = std::get_if<ProgressEvent>(&event))
                progress(told->step, told->detail);
            if (auto const* const failure = std::get_if<FailedEvent>(&event))
                co_return Error(ErrorKind::tool, failure->message).with_remedy(failure->remedy);
            if (auto const* const ready = std::get_if<ReadyEvent>(&event))
                co_return take(*ready);
        }
    }

    Result<void> take(ReadyEvent const& ready) {
        url = TRY(io::Url::parse(ready.url));
        psk = Secret(TRY(from_base64(ready.psk_base64)));
        psk_issuer = ready.psk_issuer;
        return ok();
    }

    io::Task<Result<void>> say_goodbye() {
        auto const sent = co_await asio::async_write(socket_, asio::buffer(leave_line), quiet);
        if (!std::get<0>(sent)) {
            // For the last holder the end of the stream is the end of the engine.
            char byte = 0;
            for (;;) {
                auto const [failed, bytes] =
                    co_await socket_.async_read_some(asio::buffer(&byte, 1), quiet);
                if (failed == asio::error::operation_aborted)
                    co_return Error(ErrorKind::cancelled, "cancelled");
                if (failed)
                    break;
            }
        }
        // The socket's name goes first when the engine stops; then its supervisor, a child of ours,
        // is about to end too. Else it serves others and is reaped by init when it outlives us.
        auto const deadline = Deadline::after(world_.clock, farewell_max);
        while (child_ != 0 && !has_child_ended() && !std::filesystem::exists(layout_.socket) &&
               !deadline.passed(world_.clock))
            CO_TRY_VOID(co_await io::sleep_for(farewell_poll));
        co_return ok();
    }

    io::World& world_;
    Options options_;
    Layout layout_;
    asio::local::stream_protocol::socket socket_;
    std::string buffer_;
    Progress progress_;
    int child_ = 0;
    bool is_unheard_ = true; // no event has come over this connection yet
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Engine::~Engine() = default;

io::Task<Result<std::unique_ptr<Engine>>>
Engine::start(io::World& world, Options options, Progress progress, Deadline deadline) {
    auto impl = std::make_unique<Impl>(world, std::move(options));
    CO_TRY_VOID(co_await impl->start(progress, deadline));
    co_return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

io::Url const& Engine::url() const {
    return impl_->url;
}

Secret const& Engine::psk() const {
    auto const& psk = impl_->psk;
    CLAIRGATE_ASSERT(psk.has_value()); // a started engine has one
    return *psk;
}

std::string const& Engine::psk_issuer() const {
    return impl_->psk_issuer;
}

std::optional<SystemTime> Engine::data_date() const {
    return impl_->data_date_;
}

io::Task<Result<void>> Engine::run_updaters(std::vector<std::string> sets, Deadline deadline) {
    return impl_->run_updaters(std::move(sets), deadline);
}

io::Task<Result<void>> Engine::leave(Deadline deadline) {
    return impl_->leave(deadline);
}

} // namespace clairgate::local
